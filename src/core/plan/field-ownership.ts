import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { canonicalJson } from '../canonical-json.ts';

/** The tree form of managed fields: `f:name` fields, `k:{...}` keyed items, `v:...` set items, `.` the value itself. */
export interface FieldsV1 {
  [element: string]: FieldsV1;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion?: string;
  subresource?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: FieldsV1;
}

/** The elements from the root to a field, as FieldsV1 writes them. */
export type FieldPath = readonly string[];

/** Who owns which fields of the live object. */
export function managedFieldsOf(object: KubeObject): ManagedFieldsEntry[] {
  const entries = object.metadata['managedFields'];
  return Array.isArray(entries) ? (entries.filter(isJsonObject) as unknown as ManagedFieldsEntry[]) : [];
}

/** What a manager owns by server-side apply on the main resource. */
export function appliedFields(object: KubeObject, manager: string): FieldsV1 | undefined {
  return managedFieldsOf(object).find(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
  )?.fieldsV1;
}

/** Fields that the object sets and the tree does not own. Empty values are left out: their ownership varies. */
export function computeUnownedPaths(object: KubeObject, owned: FieldsV1): FieldPath[] {
  return collect((trail) => walkMap(ownable(object), owned, trail));
}

/** Fields that the tree owns and the object does not set. */
export function computeSurplusPaths(object: KubeObject, owned: FieldsV1): FieldPath[] {
  return collect((trail) => surplus(ownable(object), owned, trail));
}

/** The object without what identifies it: nobody owns that. */
function ownable({ apiVersion: _version, kind: _kind, ...rest }: KubeObject): Record<string, unknown> {
  const { name: _name, namespace: _namespace, ...metadata } = rest.metadata;
  return { ...rest, metadata };
}

/** Where a walk is, and the paths that it has found. Most walks find none, and make none. */
interface Trail {
  at: string[];
  found: FieldPath[];
}

function collect(walk: (trail: Trail) => void): FieldPath[] {
  const trail: Trail = { at: [], found: [] };
  walk(trail);
  return trail.found;
}

function note({ at, found }: Trail): void {
  found.push([...at]);
}

/** What two managers own together. */
export function mergeFields(a: FieldsV1, b: FieldsV1): FieldsV1 {
  const merged = { ...a };
  for (const [element, node] of Object.entries(b)) merged[element] = mergeFields(merged[element] ?? {}, node);
  return merged;
}

/** Whether a value is nothing, or a map of nothing. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isEmpty);
}

/** Whether what the object has at that path is empty; absent is not, and neither is what chooses by being there. */
export function saysNothing(object: KubeObject, path: FieldPath): boolean {
  if (CHOICES.has(path.at(-1) ?? '')) return false;
  let value: unknown = object;
  for (const element of path) {
    const stands = matcherOf(element);
    value = Array.isArray(value) ? value.find((item) => stands(item, false)) : fieldAt(value, element);
  }
  return value !== undefined && isEmpty(value) && !holdsChoice(value);
}

/** An empty one is another choice than none. */
const CHOICES = new Set(['f:emptyDir', 'f:labelSelector', 'f:namespaceSelector']);

function holdsChoice(value: unknown): boolean {
  return (
    isJsonObject(value) && Object.entries(value).some(([key, item]) => CHOICES.has(`f:${key}`) || holdsChoice(item))
  );
}

/** A node without children owns its whole value: a scalar, or a list or map that the schema calls atomic. */
function isLeaf(node: FieldsV1): boolean {
  return Object.keys(node).every((element) => element === '.');
}

function walk(value: unknown, node: FieldsV1, trail: Trail): void {
  if (isLeaf(node)) return;
  if (Array.isArray(value)) walkList(value, node, trail);
  else if (isJsonObject(value)) walkMap(value, node, trail);
}

function walkMap(value: Record<string, unknown>, node: FieldsV1, trail: Trail): void {
  for (const [key, item] of Object.entries(value)) {
    if (isEmpty(item)) continue;
    const child = node[`f:${key}`];
    trail.at.push(`f:${key}`);
    if (child) walk(item, child, trail);
    else note(trail);
    trail.at.pop();
  }
}

function walkList(items: readonly unknown[], node: FieldsV1, trail: Trail): void {
  const matches = matchItems(items, node);
  for (const [index, item] of items.entries()) {
    const element = matches.get(index);
    trail.at.push(element ?? describeItem(item, node));
    if (element === undefined) note(trail);
    else walk(item, node[element] ?? {}, trail);
    trail.at.pop();
  }
}

/** Which element stands for which item: the tree itself tells which fields are the keys. */
export function matchItems(items: readonly unknown[], node: FieldsV1): Map<number, string> {
  const elements = Object.keys(node).filter((element) => /^[kv]:/.test(element));
  const free = new Map(elements.map((element) => [element, matcherOf(element)]));
  const matches = new Map<number, string>();
  // Exact keys first: an item without a key that the server defaults must not take another one's element.
  for (const lenient of [false, true]) {
    items.forEach((item, index) => {
      if (matches.has(index)) return;
      const element = [...free].find(([, stands]) => stands(item, lenient))?.[0];
      if (element === undefined) return;
      free.delete(element);
      matches.set(index, element);
    });
  }
  return matches;
}

/** Tells of an item of a list whether the element stands for it; leniently, keys may be missing. */
function matcherOf(element: string): (item: unknown, lenient: boolean) => boolean {
  const wanted = parseElement(element);
  if (element.startsWith('v:')) return (item) => saysSame(wanted, item);
  if (!isJsonObject(wanted)) return () => false;
  const keys = Object.entries(wanted);
  return (item, lenient) =>
    isJsonObject(item) &&
    keys.every(([key, value]) => (item[key] === undefined ? lenient : saysSame(item[key], value)));
}

function saysSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b));
}

function parseElement(element: string): unknown {
  try {
    return JSON.parse(element.slice(2)) as unknown;
  } catch {
    return undefined;
  }
}

function describeItem(item: unknown, node: FieldsV1): string {
  const sample = Object.keys(node).find((element) => element.startsWith('k:'));
  const keys = sample === undefined ? undefined : parseElement(sample);
  if (!isJsonObject(item) || !isJsonObject(keys)) return `v:${canonicalJson(item)}`;
  return `k:${canonicalJson(Object.fromEntries(Object.keys(keys).map((key) => [key, item[key]])))}`;
}

function surplus(value: unknown, node: FieldsV1, trail: Trail): void {
  const taken = Array.isArray(value) ? invert(matchItems(value, node)) : undefined;
  for (const element of Object.keys(node)) {
    if (element === '.') continue;
    const item = taken ? itemAt(value, taken.get(element)) : fieldAt(value, element);
    trail.at.push(element);
    if (item === undefined) note(trail);
    else surplus(item, node[element] ?? {}, trail);
    trail.at.pop();
  }
}

function invert(matches: Map<number, string>): Map<string, number> {
  return new Map([...matches].map(([index, element]) => [element, index]));
}

function itemAt(list: unknown, index: number | undefined): unknown {
  return index === undefined || !Array.isArray(list) ? undefined : (list[index] as unknown);
}

function fieldAt(value: unknown, element: string): unknown {
  if (!isJsonObject(value)) return undefined;
  return element.startsWith('f:') ? value[element.slice(2)] : undefined;
}

/** Whether the tree owns the field, something below it, or an atomic value around it. */
export function isPathOwned(owned: FieldsV1, path: FieldPath): boolean {
  let node: FieldsV1 = owned;
  for (const [depth, element] of path.entries()) {
    const child = node[element];
    if (!child) return depth > 0 && isLeaf(node);
    node = child;
  }
  return true;
}

/** Managers other than `own` that own one of the paths. */
export function findManagers(object: KubeObject, paths: readonly FieldPath[], own: string): string[] {
  const owners = managedFieldsOf(object)
    .filter((entry) => entry.manager !== own)
    .filter(({ fieldsV1 }) => fieldsV1 !== undefined && paths.some((path) => isPathOwned(fieldsV1, path)));
  return [...new Set(owners.map(({ manager }) => manager))];
}

/** `.spec.ports[port=80,protocol="TCP"].targetPort`: a path as the API server names it. */
export function displayPath(path: FieldPath): string {
  return path.map(displayElement).join('');
}

function displayElement(element: string): string {
  if (element.startsWith('f:')) return `.${element.slice(2)}`;
  const value = parseElement(element);
  if (element.startsWith('k:') && isJsonObject(value)) {
    const keys = Object.entries(value).map(([key, item]) => `${key}=${JSON.stringify(item)}`);
    return `[${keys.join(',')}]`;
  }
  return `[=${element.slice(2)}]`;
}
