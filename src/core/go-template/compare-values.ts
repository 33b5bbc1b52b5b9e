import { compareText, GoInteger, GoList, GoMap, isStruct, typeName, type GoValue } from './go-values.ts';
import { TemplateError } from './template-error.ts';
import { VisitBudget } from './visit-budget.ts';

type BasicKind = 'bool' | 'int' | 'uint' | 'float' | 'string';

function basicKind(value: GoValue): BasicKind | undefined {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float';
  if (value instanceof GoInteger) return value.unsigned ? 'uint' : 'int';
  return isStruct(value) && value.type.startsWith('enum ') ? 'int' : undefined;
}

function isAbsent(value: GoValue): boolean {
  return value === undefined || value === null || (isStruct(value) && value.isNil);
}

/** Go's `eq` for two values: integers compare whatever their sign, other types only with themselves. */
export function equalValues(a: GoValue, b: GoValue): boolean {
  const [left, right] = [basicKind(a), basicKind(b)];
  if (a instanceof GoInteger && b instanceof GoInteger) return a.value === b.value;
  if (left !== undefined && left === right) return a === b;
  if (isAbsent(a) || isAbsent(b)) return isAbsent(a) && isAbsent(b);
  if (left !== right) throw incomparable(a, b);
  if (a instanceof GoList || a instanceof GoMap) throw new TemplateError(`${typeName(a)} cannot be compared`);
  return a === b;
}

/** Go's `lt` for two values. @throws TemplateError for types without an order */
export function lessThan(a: GoValue, b: GoValue): boolean {
  if (a instanceof GoInteger && b instanceof GoInteger) return a.value < b.value;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b) < 0;
  throw incomparable(a, b);
}

function incomparable(a: GoValue, b: GoValue): TemplateError {
  return new TemplateError(`${typeName(a)} and ${typeName(b)} cannot be compared`);
}

/** Whether two values are the same through and through, as Go's reflect.DeepEqual sees it. */
export function deepEqual(a: GoValue, b: GoValue): boolean {
  return same(a, b, new VisitBudget());
}

function same(a: GoValue, b: GoValue, budget: VisitBudget): boolean {
  if (typeName(a) !== typeName(b)) return false;
  if (a instanceof GoInteger && b instanceof GoInteger) return a.value === b.value;
  if (a instanceof GoList && b instanceof GoList) return budget.visit(() => sameItems(a, b, budget));
  if (a instanceof GoMap && b instanceof GoMap) return budget.visit(() => sameEntries(a, b, budget));
  return (a ?? null) === (b ?? null);
}

function sameItems(a: GoList, b: GoList, budget: VisitBudget): boolean {
  return a.items.length === b.items.length && a.items.every((item, index) => same(item, b.items[index], budget));
}

function sameEntries(a: GoMap, b: GoMap, budget: VisitBudget): boolean {
  if (a.entries.size !== b.entries.size) return false;
  return [...a.entries].every(([key, item]) => b.entries.has(key) && same(item, b.entries.get(key), budget));
}
