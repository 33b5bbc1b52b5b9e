import { deepEqual } from '../compare-values.ts';
import type { GoMap } from '../go-values.ts';
import { GoList, isTrue, kindName, isStruct, type GoValue } from '../go-values.ts';
import { TemplateError } from '../template-error.ts';
import { fixed, variadic, type FunctionTable } from '../template-function.ts';
import { toInteger } from './convert-number.ts';

/** The items of a list. @throws TemplateError for what is none */
function items(value: GoValue): readonly GoValue[] {
  if (value instanceof GoList) return value.items;
  throw new TemplateError(`needs a list, got ${kindName(value)}`);
}

/** Whether a value counts as absent: zero, empty or nil. Structs never do. */
export function isEmpty(value: GoValue): boolean {
  return isStruct(value) && !value.type.startsWith('*') && !value.type.startsWith('enum') ? false : !isTrue(value);
}

function includes(list: readonly GoValue[], value: GoValue): boolean {
  return list.some((item) => deepEqual(item, value));
}

function unique(list: readonly GoValue[]): GoValue[] {
  const kept: GoValue[] = [];
  for (const item of list) if (!includes(kept, item)) kept.push(item);
  return kept;
}

function part(value: GoValue, limits: readonly GoValue[]): GoValue {
  const list = items(value);
  if (list.length === 0) return null;
  const start = limits.length > 0 ? Number(toInteger(limits[0])) : 0;
  const end = limits.length > 1 ? Number(toInteger(limits[1])) : list.length;
  if (start < 0 || start > end || end > list.length)
    throw new TemplateError(`the part from ${start} to ${end} is out of range`);
  return new GoList(list.slice(start, end), value instanceof GoList ? value.type : undefined);
}

function chunks(size: number, list: readonly GoValue[]): GoList {
  if (size < 1) throw new TemplateError('the size of a chunk must be at least 1');
  const parts: GoList[] = [];
  for (let at = 0; at < list.length; at += size) parts.push(new GoList(list.slice(at, at + size)));
  return new GoList(parts, '[][]interface {}');
}

const list = variadic([], 'any', (...values) => new GoList(values));
const append = fixed(['any', 'any'], (value, item) => new GoList([...items(value), item]));
const prepend = fixed(['any', 'any'], (value, item) => new GoList([item, ...items(value)]));
const first = fixed(['any'], (value) => items(value)[0] ?? null);
const last = fixed(['any'], (value) => items(value).at(-1) ?? null);
const rest = fixed(['any'], (value) => new GoList(items(value).slice(1)));
const initial = fixed(['any'], (value) => new GoList(items(value).slice(0, -1)));
const reverse = fixed(['any'], (value) => new GoList([...items(value)].reverse()));
const uniq = fixed(['any'], (value) => new GoList(unique(items(value))));
const compact = fixed(['any'], (value) => new GoList(items(value).filter((item) => !isEmpty(item))));
const without = variadic(
  ['any'],
  'any',
  (value, ...dropped) => new GoList(items(value).filter((item) => !includes(dropped, item))),
);
const has = fixed(['any', 'any'], (value, haystack) => haystack !== null && includes(items(haystack), value));
const slice = variadic(['any'], 'any', (value, ...limits) => part(value, limits));
const chunk = fixed(['int', 'any'], (size, value) => chunks(size, items(value)));

/** sprig's functions on lists, and on whether values are there. */
export const LIST_FUNCTIONS: FunctionTable = {
  all: variadic([], 'any', (...values) => values.every((value) => !isEmpty(value))),
  any: variadic([], 'any', (...values) => values.some((value) => !isEmpty(value))),
  append,
  chunk,
  coalesce: variadic([], 'any', (...values) => values.find((value) => !isEmpty(value)) ?? null),
  compact,
  concat: variadic([], 'any', (...lists) => new GoList(lists.flatMap(items))),
  default: variadic(['any'], 'any', (fallback, given) => (isEmpty(given) ? fallback : given)),
  empty: fixed(['any'], isEmpty),
  first,
  has,
  initial,
  last,
  list,
  mustAppend: append,
  mustChunk: chunk,
  mustCompact: compact,
  mustFirst: first,
  mustHas: has,
  mustInitial: initial,
  mustLast: last,
  mustPrepend: prepend,
  mustPush: append,
  mustRest: rest,
  mustReverse: reverse,
  mustSlice: slice,
  mustUniq: uniq,
  mustWithout: without,
  prepend,
  push: append,
  rest,
  reverse,
  slice,
  ternary: fixed(['any', 'any', 'bool'], (yes, no, condition) => (condition ? yes : no)),
  tuple: list,
  uniq,
  without,
  values: fixed(['map'], (map: GoMap) => new GoList([...map.entries.values()])),
};
