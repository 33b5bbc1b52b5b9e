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

const IDENTITY = new Set(['apiVersion', 'kind']);
const IDENTITY_METADATA = new Set(['name', 'namespace']);

/** Fields that the object sets and the tree does not own. Empty values are left out: their ownership varies. */
export function computeUnownedPaths(object: KubeObject, owned: FieldsV1): FieldPath[] {
  return walkMap(ownable(object), owned, []);
}

/** Fields that the tree owns and the object does not set. */
export function computeSurplusPaths(object: KubeObject, owned: FieldsV1): FieldPath[] {
  return surplus(ownable(object), owned, []);
}

/** The object without what identifies it: nobody owns that. */
function ownable(object: KubeObject): Record<string, unknown> {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !IDENTITY_METADATA.has(key)));
  const rest = Object.entries(object).filter(([key]) => !IDENTITY.has(key));
  return { ...Object.fromEntries(rest), metadata };
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
    value = Array.isArray(value) ? value.find((item) => standsFor(element, item, false)) : fieldAt(value, element);
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

function walk(value: unknown, node: FieldsV1, path: FieldPath): FieldPath[] {
  if (isLeaf(node)) return [];
  if (Array.isArray(value)) return walkList(value, node, path);
  return isJsonObject(value) ? walkMap(value, node, path) : [];
}

function walkMap(value: Record<string, unknown>, node: FieldsV1, path: FieldPath): FieldPath[] {
  return Object.entries(value).flatMap(([key, item]) => {
    if (isEmpty(item)) return [];
    const at = [...path, `f:${key}`];
    const child = node[`f:${key}`];
    return child ? walk(item, child, at) : [at];
  });
}

function walkList(items: readonly unknown[], node: FieldsV1, path: FieldPath): FieldPath[] {
  const matches = matchItems(items, node);
  return items.flatMap((item, index) => {
    const element = matches.get(index);
    if (element === undefined) return [[...path, describeItem(item, node)]];
    return walk(item, node[element] ?? {}, [...path, element]);
  });
}

/** Which element stands for which item: the tree itself tells which fields are the keys. */
export function matchItems(items: readonly unknown[], node: FieldsV1): Map<number, string> {
  const free = new Set(Object.keys(node).filter((element) => /^[kv]:/.test(element)));
  const matches = new Map<number, string>();
  // Exact keys first: an item without a key that the server defaults must not take another one's element.
  for (const lenient of [false, true]) {
    items.forEach((item, index) => {
      if (matches.has(index)) return;
      const element = [...free].find((candidate) => standsFor(candidate, item, lenient));
      if (element === undefined) return;
      free.delete(element);
      matches.set(index, element);
    });
  }
  return matches;
}

function standsFor(element: string, item: unknown, lenient: boolean): boolean {
  const wanted = parseElement(element);
  if (element.startsWith('v:')) return canonicalJson(wanted) === canonicalJson(item);
  if (!isJsonObject(item) || !isJsonObject(wanted)) return false;
  return Object.entries(wanted).every(([key, value]) => {
    const own = item[key];
    return own === undefined ? lenient : canonicalJson(own) === canonicalJson(value);
  });
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

function surplus(value: unknown, node: FieldsV1, path: FieldPath): FieldPath[] {
  const elements = Object.keys(node).filter((element) => element !== '.');
  const taken = Array.isArray(value) ? invert(matchItems(value, node)) : undefined;
  return elements.flatMap((element) => {
    const at = [...path, element];
    const item = taken ? itemAt(value, taken.get(element)) : fieldAt(value, element);
    return item === undefined ? [at] : surplus(item, node[element] ?? {}, at);
  });
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
