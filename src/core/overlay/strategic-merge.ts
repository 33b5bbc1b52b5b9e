import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { mergeShapeOf, type MergeShape } from './merge-keys.ts';
import { orderElements } from './element-order.ts';

/** A patch that strategic merge cannot apply, such as a list element without its merge key. */
export class PatchError extends Error {
  override name = 'PatchError';
}

/**
 * Kubernetes' strategic merge patch of one object, by the rules of its kind: maps merge, null deletes, lists with a
 * merge key merge by element, other lists are replaced; `$patch: delete|replace|merge`, `$setElementOrder/…`,
 * `$deleteFromPrimitiveList/…` and `$retainKeys` are obeyed. Neither argument is changed.
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
  if (directive !== undefined && directive !== 'merge') {
    throw new PatchError(`unknown $patch directive ${JSON.stringify(directive)}`);
  }
  const merged = retainedKeys(original, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(SET_ORDER) || value === undefined) continue;
    if (key.startsWith(DELETE_SCALARS)) deleteScalars(merged, key.slice(DELETE_SCALARS.length), value);
    else if (value === null) delete merged[key];
    else merged[key] = mergeValue(merged[key], value, { key, shape, order: patch[SET_ORDER + key] });
  }
  return merged;
}

function retainedKeys(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch.$retainKeys;
  if (!Array.isArray(keys)) return { ...original };
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));
}

function deleteScalars(merged: JsonObject, key: string, doomed: Json): void {
  const list = merged[key];
  if (Array.isArray(list) && Array.isArray(doomed)) merged[key] = list.filter((item) => !doomed.includes(item));
}

interface Field {
  key: string;
  shape: MergeShape;
  order: Json | undefined;
}

function mergeValue(live: Json | undefined, value: Json, field: Field): Json {
  if (Array.isArray(value)) return mergeList(live, value, field);
  if (!isJsonObject(value)) return value;
  const { key, shape } = field;
  if (!isJsonObject(live) || shape.replaced?.includes(key)) return withoutDirectives(value);
  return mergeMaps(live, value, shape.fields?.[key] ?? {});
}

function mergeList(live: Json | undefined, value: Json[], { key, shape, order }: Field): Json[] {
  const list = shape.lists?.[key];
  // Where no list was before, the patch's is taken as it is, elements with the same key included.
  if (list && !Array.isArray(live)) return enteringList(value);
  const before = Array.isArray(live) ? live : [];
  if (list) return mergeElements(before, value, { ...list, field: key, order });
  return shape.sets?.includes(key) ? [...new Set([...before, ...value])] : value;
}

/** The elements that a patch brings to a place where no list was: those that it deletes or that only direct are none. */
function enteringList(value: Json[]): Json[] {
  return value
    .filter((item) => !isJsonObject(item) || (item.$patch !== 'delete' && item.$patch !== 'replace'))
    .map(clean);
}

interface ElementRule {
  field: string;
  key: string;
  element?: MergeShape;
  order: Json | undefined;
}

function mergeElements(live: Json[], patch: Json[], rule: ElementRule): Json[] {
  const elements = patch.map((element) => keyedElement(element, rule));
  if (elements.some((element) => element.$patch === 'replace')) {
    return elements.filter((element) => element.$patch !== 'replace').map(withoutDirectives);
  }
  const deleted = elements.filter((element) => element.$patch === 'delete').map((element) => element[rule.key]);
  const base = live.filter((element) => !(isJsonObject(element) && deleted.includes(element[rule.key] ?? null)));
  const kept = elements.filter((element) => element.$patch !== 'delete');
  const merged = [...base];
  for (const element of kept) {
    const at = merged.findIndex((item) => isJsonObject(item) && item[rule.key] === element[rule.key]);
    if (at < 0) merged.push(withoutDirectives(element));
    else merged[at] = mergeMaps(merged[at] as JsonObject, element, rule.element ?? {});
  }
  const wanted = Array.isArray(rule.order) ? rule.order.filter(isJsonObject) : kept;
  return orderElements(merged.filter(isJsonObject), { patch: wanted, live: live.filter(isJsonObject), key: rule.key });
}

function keyedElement(element: Json, rule: ElementRule): JsonObject {
  if (!isJsonObject(element)) throw new PatchError(`${rule.field}: every element must be an object`);
  if (element.$patch === 'replace' || (element[rule.key] ?? null) !== null) return element;
  throw new PatchError(`${rule.field}: an element has no ${rule.key}, by which elements of this list are merged`);
}

/** The patch value as it enters the object where nothing was before: no directives, no nulls. */
function withoutDirectives(value: JsonObject): JsonObject {
  return clean(value) as JsonObject;
}

/** What is clean already is not copied. */
function clean(value: Json): Json {
  if (Array.isArray(value)) {
    let list = value;
    for (let i = 0; i < value.length; i += 1) {
      const item = clean(value[i] ?? null);
      if (item === value[i]) continue;
      if (list === value) list = [...value];
      list[i] = item;
    }
    return list;
  }
  return isJsonObject(value) ? cleanObject(value) : value;
}

function cleanObject(value: JsonObject): JsonObject {
  let kept = value;
  for (const [key, item] of Object.entries(value)) {
    const absent = item === null || item === undefined || key.startsWith('$');
    const cleaned = absent ? undefined : clean(item);
    if (cleaned === item && !absent) continue;
    if (kept === value) kept = { ...value };
    if (cleaned === undefined) delete kept[key];
    else kept[key] = cleaned;
  }
  return kept;
}
