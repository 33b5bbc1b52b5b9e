import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { madeOf } from '../lasting-values.ts';
import { mergeShapeOf, type MergeShape } from './merge-keys.ts';
import { identityOf, orderElements } from './element-order.ts';

/** A patch that strategic merge cannot apply, such as a list element without its merge key. */
export class PatchError extends Error {
  override name = 'PatchError';
}

/**
 * Kubernetes' strategic merge patch of one object, by the rules of its kind: maps merge, null deletes, lists with a
 * merge key merge by element, other lists are replaced; `$patch: delete|replace`, `$setElementOrder/…`,
 * `$deleteFromPrimitiveList/…` and `$retainKeys` are obeyed. Neither argument is changed.
 * @throws PatchError
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, kind: string): JsonObject {
  return mergeMaps(original, patch, mergeShapeOf(kind));
}

const SET_ORDER = '$setElementOrder/';
const DELETE_SCALARS = '$deleteFromPrimitiveList/';

function mergeMaps(original: JsonObject, patch: JsonObject, shape: MergeShape): JsonObject {
  const directive = patch.$patch;
  if (directive === 'delete') return {};
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive !== undefined) throw unknownDirective(directive);
  const base = retainedKeys(original, patch);
  const merged = { ...base };
  let directs = false;
  for (const key in patch) {
    const value = patch[key];
    if (value === undefined) continue;
    if (key.startsWith('$')) directs = true;
    else if (value === null) delete merged[key];
    else setValue(merged, key, mergeValue(merged[key], value, key, shape));
  }
  return directs ? obeyed(merged, { base, patch, shape }) : merged;
}

function unknownDirective(directive: Json): PatchError {
  return new PatchError(`$patch must be delete or replace, not ${JSON.stringify(directive)}`);
}

function setValue(merged: JsonObject, key: string, value: Json | undefined): void {
  if (value === undefined) delete merged[key];
  else merged[key] = value;
}

interface Merge {
  /** What the patch is merged onto. */
  base: JsonObject;
  patch: JsonObject;
  shape: MergeShape;
}

/** The merged map as the patch's keys with a dollar sign want it; one that Kubernetes does not know says nothing. */
function obeyed(merged: JsonObject, merge: Merge): JsonObject {
  for (const [key, value = null] of Object.entries(merge.patch)) {
    if (key.startsWith(DELETE_SCALARS)) deleteScalars(merged, key.slice(DELETE_SCALARS.length), value);
    if (key.startsWith(SET_ORDER)) setOrder(merged, key.slice(SET_ORDER.length), merge);
  }
  return merged;
}

function setOrder(merged: JsonObject, field: string, { base, patch, shape }: Merge): void {
  const listOf = (value: Json | undefined): Json[] | undefined =>
    value === undefined ? undefined : listAt(value, field);
  const order = listAt(patch[SET_ORDER + field] ?? null, field);
  const [live, own] = [listOf(base[field]), listOf(patch[field])];
  const key = shape.lists?.[field]?.key;
  if (own) checkOrder(own, order, { key, field });
  const list = own ? mergeValue(live, own, field, shape) : live;
  if (Array.isArray(list)) merged[field] = orderElements(list, { patch: order, live: live ?? [], key });
}

function listAt(value: Json, field: string): Json[] {
  if (Array.isArray(value)) return value;
  throw new PatchError(`${field}: must be a list where ${SET_ORDER}${field} orders it, not ${JSON.stringify(value)}`);
}

/** The order must name the patch's own elements, in the patch's order. */
function checkOrder(own: Json[], order: Json[], { key, field }: { key: string | undefined; field: string }): void {
  if (order.length === 0) return;
  let from = 0;
  for (const element of own) {
    if (isJsonObject(element) && element.$patch !== undefined) continue;
    const at = order.findIndex((item, i) => i >= from && identityOf(item, key) === identityOf(element, key));
    if (at < 0) throw new PatchError(`${SET_ORDER}${field}: does not name every element of ${field} in its order`);
    from = at + 1;
  }
}

function retainedKeys(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch.$retainKeys;
  if (keys === undefined) return original;
  if (!Array.isArray(keys)) throw new PatchError('$retainKeys: must be a list of keys');
  const stray = Object.keys(patch).find((key) => !key.startsWith('$') && patch[key] !== null && !keys.includes(key));
  if (stray !== undefined) throw new PatchError(`$retainKeys: must name ${stray}, which the patch sets`);
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));
}

function deleteScalars(merged: JsonObject, key: string, doomed: Json): void {
  const list = merged[key];
  if (!Array.isArray(list) || !Array.isArray(doomed)) return;
  const gone = new Set(doomed);
  merged[key] = list.filter((item) => !gone.has(item));
}

function mergeValue(live: Json | undefined, value: Json, key: string, shape: MergeShape): Json | undefined {
  if (Array.isArray(value)) return Array.isArray(live) ? mergeList(live, value, key, shape) : entering(value);
  if (!isJsonObject(value)) return value;
  if (!isJsonObject(live)) return entering(value);
  return shape.replaced?.includes(key) ? withoutDirectives(value) : mergeMaps(live, value, shape.fields?.[key] ?? {});
}

function mergeList(live: Json[], value: Json[], key: string, shape: MergeShape): Json[] {
  const list = shape.lists?.[key];
  if (list) return mergeElements(live, value, { ...list, field: key });
  if (!shape.sets?.includes(key)) return value;
  return orderElements([...new Set([...live, ...value])], { patch: value, live, key: undefined });
}

/** A value as it enters where none was: without nulls, and without maps that hold a directive instead of a value. */
function entering(value: Json): Json | undefined {
  if (Array.isArray(value)) return mapped(value, entering);
  if (!isJsonObject(value)) return value;
  return value.$patch === undefined ? cleanObject(value, entering) : undefined;
}

type ElementRule = NonNullable<MergeShape['lists']>[string] & { field: string };

function mergeElements(live: Json[], patch: Json[], rule: ElementRule): Json[] {
  const elements = patch.map((element) => patchElement(element, rule));
  const kept = elements.filter((element) => element.$patch === undefined);
  if (elements.some((element) => element.$patch === 'replace')) return kept.map(withoutDirectives);
  const deleted = new Set(elements.filter((element) => element.$patch === 'delete').map((each) => each[rule.key]));
  const base = live.map((element) => keyedElement(element, rule)).filter((element) => !deleted.has(element[rule.key]));
  if (haveOwnKeys(base, kept, rule.key)) return [...kept.map(withoutDirectives), ...base];
  const merged = [...base];
  const places = new Map<Json | undefined, number>();
  merged.forEach((item, at) => {
    if (!places.has(item[rule.key])) places.set(item[rule.key], at);
  });
  const added = new Set<Json>();
  for (const element of kept) {
    const at = places.get(element[rule.key]) ?? merged.length;
    const before = merged[at];
    const after = before ? mergeMaps(before, element, rule.element ?? {}) : element;
    if (!before) places.set(element[rule.key], at);
    if (!before || added.has(before)) added.add(after);
    merged[at] = after;
  }
  const ordered = orderElements(merged, { patch: kept, live, key: rule.key });
  return ordered.map((element) => (added.has(element) ? withoutDirectives(element) : element));
}

/** Whether no two elements have the same key: then nothing merges, and the patch's come first. */
function haveOwnKeys(live: readonly JsonObject[], patch: readonly JsonObject[], key: string): boolean {
  const keys = new Set<Json | undefined>();
  for (const element of live) keys.add(element[key]);
  for (const element of patch) keys.add(element[key]);
  return keys.size === live.length + patch.length;
}

function patchElement(element: Json, rule: ElementRule): JsonObject {
  const directive = isJsonObject(element) ? element.$patch : undefined;
  if (directive !== undefined && directive !== 'delete' && directive !== 'replace') throw unknownDirective(directive);
  return directive === 'replace' ? (element as JsonObject) : keyedElement(element, rule);
}

function keyedElement(element: Json, { field, key, takesNull }: ElementRule): JsonObject {
  if (!isJsonObject(element)) throw new PatchError(`${field}: every element must be an object`);
  if (element[key] !== undefined && (takesNull || element[key] !== null)) return element;
  throw new PatchError(`${field}: an element has no ${key}, by which elements of this list are merged`);
}

/** The patch value without directives and nulls. */
function withoutDirectives(value: JsonObject): JsonObject {
  return cleanObject(value, clean);
}

function clean(value: Json): Json {
  if (Array.isArray(value)) return mapped(value, clean);
  return isJsonObject(value) ? cleanObject(value, clean) : value;
}

type Cleaner = (value: Json) => Json | undefined;

/** What is clean already is not copied. */
function mapped(value: Json[], cleaner: Cleaner): Json[] {
  const made = madeOf(value);
  if (!made) return mappedAnew(value, cleaner);
  return (made.get(cleaner) as Json[] | undefined) ?? made.set(cleaner, mappedAnew(value, cleaner));
}

function mappedAnew(value: Json[], cleaner: Cleaner): Json[] {
  let kept: Json[] | undefined;
  for (let i = 0; i < value.length; i += 1) {
    const item = value[i] ?? null;
    const cleaned = cleaner(item);
    if (cleaned === item && !kept) continue;
    kept ??= value.slice(0, i);
    if (cleaned !== undefined) kept.push(cleaned);
  }
  return kept ?? value;
}

function cleanObject(value: JsonObject, cleaner: Cleaner): JsonObject {
  const made = madeOf(value);
  if (!made) return cleanAnew(value, cleaner);
  return (made.get(cleaner) as JsonObject | undefined) ?? made.set(cleaner, cleanAnew(value, cleaner));
}

function cleanAnew(value: JsonObject, cleaner: Cleaner): JsonObject {
  let kept = value;
  for (const key in value) {
    const item = value[key];
    const absent = item === null || item === undefined || key.startsWith('$');
    const cleaned = absent ? undefined : cleaner(item);
    if (cleaned === item && !absent) continue;
    if (kept === value) kept = { ...value };
    setValue(kept, key, cleaned);
  }
  return kept;
}
