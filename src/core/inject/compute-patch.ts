import { isEqual } from '../json-equality.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation = { op: 'add' | 'replace'; path: string; value: Json } | { op: 'remove'; path: string };

/** The JSON patch that turns `before`, which is at that path, into `after`; empty when they are equal. */
export function computePatch(before: Json, after: Json, path = ''): PatchOperation[] {
  const patch: PatchOperation[] = [];
  compare(patch, path, before, after);
  return patch;
}

function compare(patch: PatchOperation[], path: string, before: Json, after: Json): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) compareLists(patch, path, before, after);
  else if (isJsonObject(before) && isJsonObject(after)) compareObjects(patch, path, before, after);
  else patch.push({ op: 'replace', path, value: after });
}

function compareObjects(patch: PatchOperation[], path: string, before: JsonObject, after: JsonObject): void {
  for (const key in before) {
    if (before[key] !== undefined && ownValue(after, key) === undefined)
      patch.push({ op: 'remove', path: `${path}/${token(key)}` });
  }
  for (const key in after) {
    const value = after[key];
    if (value === undefined) continue;
    const old = ownValue(before, key);
    // Before the path is made: most of a pod stays the very same.
    if (old === value) continue;
    if (old === undefined) patch.push({ op: 'add', path: `${path}/${token(key)}`, value });
    else compare(patch, `${path}/${token(key)}`, old, value);
  }
}

/** A label may be named like a part of every object: `constructor`. */
function ownValue(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function token(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

/**
 * Lists differ by what is between an equal start and an equal end. Elements with the same name are compared with each
 * other, so that an application container moved aside is not written whole.
 */
function compareLists(patch: PatchOperation[], path: string, before: Json[], after: Json[]): void {
  const start = equalStart(before, after);
  const end = equalEnd(before, after, start);
  const oldMiddle = before.slice(start, before.length - end);
  const newMiddle = after.slice(start, after.length - end);
  if (hasSameNames(oldMiddle, newMiddle)) {
    newMiddle.forEach((item, i) => compare(patch, `${path}/${start + i}`, oldMiddle[i] ?? null, item));
    return;
  }
  patchMiddle(patch, { path, start }, oldMiddle, newMiddle);
}

function equalStart(before: readonly Json[], after: readonly Json[]): number {
  let start = 0;
  while (start < before.length && start < after.length && isEqual(before[start], after[start])) start += 1;
  return start;
}

function equalEnd(before: readonly Json[], after: readonly Json[], start: number): number {
  const most = Math.min(before.length, after.length) - start;
  let end = 0;
  while (end < most && isEqual(before.at(-1 - end), after.at(-1 - end))) end += 1;
  return end;
}

/** What identifies an element of a list of Kubernetes objects. */
function nameOf(item: Json | undefined): Json | undefined {
  return isJsonObject(item) ? (item.name ?? item.mountPath ?? item.containerPort) : undefined;
}

function hasSameNames(before: readonly Json[], after: readonly Json[]): boolean {
  return before.length === after.length && before.every((item, i) => nameOf(item) === nameOf(after[i]));
}

interface Middle {
  path: string;
  start: number;
}

/** Removes from the end, then walks the new list: an element of the old list that comes next is changed in place. */
function patchMiddle(
  patch: PatchOperation[],
  { path, start }: Middle,
  before: readonly Json[],
  after: readonly Json[],
): void {
  const sources = findSources(before, after);
  const kept = new Set(sources);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    if (!kept.has(i)) patch.push({ op: 'remove', path: `${path}/${start + i}` });
  }
  after.forEach((item, i) => {
    const source = sources[i];
    if (source === undefined) patch.push({ op: 'add', path: `${path}/${start + i}`, value: item });
    else compare(patch, `${path}/${start + i}`, before[source] ?? null, item);
  });
}

/** For each new element the old one, by index, that it comes from; these are in the same order, and found greedily. */
function findSources(before: readonly Json[], after: readonly Json[]): (number | undefined)[] {
  const places = new Map<string, number[]>();
  // From the end, so that the first one is the last of its list.
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const identity = identityOf(before[i]);
    const own = places.get(identity);
    if (own) own.push(i);
    else places.set(identity, [i]);
  }
  let from = 0;
  return after.map((item) => {
    const own = places.get(identityOf(item)) ?? [];
    while ((own.at(-1) ?? from) < from) own.pop();
    const source = own.pop();
    if (source !== undefined) from = source + 1;
    return source;
  });
}

/** Equal for elements that are the same one: by its name, else by all that it holds, the order of keys aside. */
function identityOf(item: Json | undefined): string {
  const name = nameOf(item);
  return typeof name === 'string' || typeof name === 'number' ? `${typeof name} ${name}` : sortedJson(item ?? null);
}

function sortedJson(item: Json): string {
  if (Array.isArray(item)) return `[${item.map(sortedJson).join()}]`;
  if (!isJsonObject(item)) return JSON.stringify(item);
  const fields = Object.keys(item).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${sortedJson(item[field] ?? null)}`).join()}}`;
}
