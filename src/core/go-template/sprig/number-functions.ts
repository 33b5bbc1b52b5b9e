import type { GoInteger } from '../go-values.ts';
import { GoList, integer, integer64, type GoValue } from '../go-values.ts';
import { goText } from '../print-value.ts';
import { TemplateError } from '../template-error.ts';
import { fixed, variadic, type FunctionTable } from '../template-function.ts';
import { toFloat, toInteger } from './convert-number.ts';

const MAX_COUNT = 100_000;

function counted(start: number, stop: number, step: number): number[] {
  if (step === 0 || (stop < start && step > 0) || (stop >= start && step < 0)) return [];
  if (Math.abs((stop - start) / step) > MAX_COUNT) throw new TemplateError(`the list is longer than ${MAX_COUNT}`);
  const numbers: number[] = [];
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) numbers.push(at);
  return numbers;
}

function intList(numbers: readonly number[]): GoList {
  return new GoList(numbers.map(integer), '[]int');
}

function sequence(limits: readonly number[]): string {
  const [first = 1, second = 1, third] = limits;
  if (limits.length === 0 || limits.length > 3) return '';
  if (third !== undefined) {
    if (third < first && second > 0) return '';
    return counted(first, third + (third < first ? -1 : 1), second).join(' ');
  }
  const [start, end] = limits.length === 1 ? [1, first] : [first, second];
  const step = end < start ? -1 : 1;
  return counted(start, end + step, step).join(' ');
}

function divided(a: GoValue, b: GoValue, remainder: boolean): GoInteger {
  const [left, right] = [toInteger(a), toInteger(b)];
  if (right === 0n) throw new TemplateError('division by zero');
  return integer64(remainder ? left % right : left / right);
}

/** The extreme of the values by a comparison. */
function extreme<T>(values: readonly T[], better: (a: T, b: T) => boolean): T {
  return values.reduce((best, value) => (better(value, best) ? value : best));
}

function rounded(value: GoValue, places: number, limit: number): number {
  const power = 10 ** places;
  const digit = power * toFloat(value);
  const fraction = digit - Math.trunc(digit);
  return (fraction >= limit ? Math.ceil(digit) : Math.floor(digit)) / power;
}

const max = variadic(['any'], 'any', (...values) => integer64(extreme(values.map(toInteger), (a, b) => a > b)));

/** Sums without the small errors of binary fractions, as sprig's decimals give them. */
function decimal(value: number): number {
  return Number(value.toPrecision(15));
}

/** sprig's functions on numbers. */
export const NUMBER_FUNCTIONS: FunctionTable = {
  add: variadic([], 'any', (...values) => integer64(values.reduce<bigint>((sum, value) => sum + toInteger(value), 0n))),
  add1: fixed(['any'], (value) => integer64(toInteger(value) + 1n)),
  add1f: fixed(['any'], (value) => decimal(toFloat(value) + 1)),
  addf: variadic([], 'any', (...values) => decimal(values.reduce<number>((sum, value) => sum + toFloat(value), 0))),
  biggest: max,
  ceil: fixed(['any'], (value) => Math.ceil(toFloat(value))),
  div: fixed(['any', 'any'], (a, b) => divided(a, b, false)),
  divf: variadic(['any'], 'any', (first, ...others) =>
    others.reduce<number>((result, value) => {
      if (toFloat(value) === 0) throw new TemplateError('division by zero');
      return decimal(result / toFloat(value));
    }, toFloat(first)),
  ),
  float64: fixed(['any'], toFloat),
  floor: fixed(['any'], (value) => Math.floor(toFloat(value))),
  int: fixed(['any'], (value) => integer(toInteger(value))),
  int64: fixed(['any'], (value) => integer64(toInteger(value))),
  max,
  maxf: variadic(['any'], 'any', (...values) => Math.max(...values.map(toFloat))),
  min: variadic(['any'], 'any', (...values) => integer64(extreme(values.map(toInteger), (a, b) => a < b))),
  minf: variadic(['any'], 'any', (...values) => Math.min(...values.map(toFloat))),
  mod: fixed(['any', 'any'], (a, b) => divided(a, b, true)),
  mul: variadic(['any'], 'any', (...values) => integer64(values.map(toInteger).reduce((a, b) => a * b, 1n))),
  mulf: variadic(['any'], 'any', (...values) =>
    decimal(values.reduce<number>((result, value) => result * toFloat(value), 1)),
  ),
  round: variadic(['any', 'int'], 'float', (value, places, limit = 0.5) => rounded(value, places, limit)),
  seq: variadic([], 'int', (...limits) => sequence(limits)),
  sub: fixed(['any', 'any'], (a, b) => integer64(toInteger(a) - toInteger(b))),
  subf: variadic(['any'], 'any', (first, ...others) =>
    decimal(others.reduce<number>((result, value) => result - toFloat(value), toFloat(first))),
  ),
  toDecimal: fixed(['any'], (value) => {
    const text = goText(value);
    return integer64(/^[-+]?[0-7]+$/.test(text) ? BigInt(Number.parseInt(text, 8)) : 0n);
  }),
  until: fixed(['int'], (count) => intList(counted(0, count, count < 0 ? -1 : 1))),
  untilStep: fixed(['int', 'int', 'int'], (start, stop, step) => intList(counted(start, stop, step))),
};
