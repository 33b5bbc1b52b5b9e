import { byteAt, byteLength, byteSlice } from './byte-text.ts';
import { equalValues, lessThan } from './compare-values.ts';
import { escapeHtmlText, escapeQuery, escapeScript } from './escape-text.ts';
import { GoInteger, GoList, GoMap, integer, isTrue, typeName, type GoValue } from './go-values.ts';
import { goText, sprint } from './print-value.ts';
import { sprintf } from './printf.ts';
import { TemplateError } from './template-error.ts';
import { fixed, variadic, type FunctionTable } from './template-function.ts';

/**
 * The functions that every Go template has. `and` and `or` evaluate no more arguments than they need, so that the
 * evaluator runs them itself; they stand here for their names.
 */
export const BUILTIN_FUNCTIONS: FunctionTable = {
  and: variadic(['raw'], 'raw', (first) => first),
  or: variadic(['raw'], 'raw', (first) => first),
  not: fixed(['raw'], (value) => !isTrue(value)),
  eq: variadic(['raw', 'raw'], 'raw', (first, ...others) => others.some((other) => equalValues(first, other))),
  ne: fixed(['raw', 'raw'], (a, b) => !equalValues(a, b)),
  lt: fixed(['raw', 'raw'], lessThan),
  le: fixed(['raw', 'raw'], (a, b) => lessThan(a, b) || equalValues(a, b)),
  gt: fixed(['raw', 'raw'], (a, b) => !lessThan(a, b) && !equalValues(a, b)),
  ge: fixed(['raw', 'raw'], (a, b) => !lessThan(a, b)),
  len: fixed(['raw'], (value) => integer(lengthOf(value))),
  index: variadic(['raw'], 'raw', (value, ...keys) => keys.reduce(item, indexable(value, 'index'))),
  slice: variadic(['raw'], 'raw', (value, ...limits) => slice(indexable(value, 'slice'), limits)),
  print: variadic([], 'any', (...values) => sprint(values)),
  printf: variadic(['text'], 'any', (format, ...values) => sprintf(format, values)),
  println: variadic([], 'any', (...values) => `${values.map(goText).join(' ')}\n`),
  html: variadic([], 'any', (...values) => escapeHtmlText(printedAll(values))),
  js: variadic([], 'any', (...values) => escapeScript(printedAll(values))),
  urlquery: variadic([], 'any', (...values) => escapeQuery(printedAll(values))),
  call: variadic(['raw'], 'any', (callee) => {
    throw new TemplateError(`cannot call ${typeName(callee)}: the data of templates holds no functions`);
  }),
};

function printedAll(values: readonly GoValue[]): string {
  return sprint(values.map((value) => (value === null ? '<no value>' : value)));
}

function lengthOf(value: GoValue): number {
  if (typeof value === 'string') return byteLength(value);
  if (value instanceof GoList) return value.items.length;
  if (value instanceof GoMap) return value.entries.size;
  throw new TemplateError(`${typeName(value)} has no length`);
}

function indexable(value: GoValue, what: string): GoValue {
  if (value === undefined || value === null) throw new TemplateError(`${what} of nothing`);
  return value;
}

function item(value: GoValue, key: GoValue): GoValue {
  if (value instanceof GoMap) {
    if (typeof key !== 'string') throw new TemplateError(`a map has text keys, got ${typeName(key)}`);
    return value.entries.has(key) ? value.entries.get(key) : value.ofText ? '' : null;
  }
  if (value instanceof GoList) return value.items[position(key, value.items.length - 1)];
  if (typeof value === 'string') return new GoInteger(byteAt(value, position(key, byteLength(value) - 1)), 'uint8');
  throw new TemplateError(`${typeName(value)} cannot be indexed`);
}

function position(key: GoValue, last: number): number {
  if (!(key instanceof GoInteger)) throw new TemplateError(`an index must be an integer, got ${typeName(key)}`);
  const at = Number(key.value);
  if (at < 0 || at > last) throw new TemplateError(`index ${at} is out of range`);
  return at;
}

function slice(value: GoValue, limits: readonly GoValue[]): GoValue {
  const length = lengthOf(value);
  if (value instanceof GoMap) throw new TemplateError('a map cannot be sliced');
  if (limits.length > (typeof value === 'string' ? 2 : 3)) throw new TemplateError('too many limits for a slice');
  const [start = 0, end = length, capacity = length] = limits.map((limit) => position(limit, length));
  if (start > end || end > capacity) throw new TemplateError(`the slice from ${start} to ${end} is out of range`);
  return value instanceof GoList
    ? new GoList(value.items.slice(start, end), value.type)
    : byteSlice(value as string, start, end);
}
