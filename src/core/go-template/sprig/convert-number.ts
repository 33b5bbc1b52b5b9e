import { parseInteger } from '../literals.ts';
import { GoInteger, type GoValue } from '../go-values.ts';

/** A value as an int64, as Go's cast library converts it: what is no number is 0. */
export function toInteger(value: GoValue): bigint {
  if (value instanceof GoInteger) return BigInt.asIntN(64, value.value);
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'string') return 0n;
  return BigInt.asIntN(64, parseInteger(value.replace(/\.0*$/, '')) ?? 0n);
}

/** A value as a float64; what is no number is 0. */
export function toFloat(value: GoValue): number {
  if (value instanceof GoInteger) return Number(value.value);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value) ? Number(value) : 0;
}
