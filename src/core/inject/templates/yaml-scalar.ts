import type { Json } from '../../kube-object.ts';

const WORDS = new Map<string, Json>([
  ['', null],
  ['.inf', Infinity],
  ['.Inf', Infinity],
  ['.INF', Infinity],
  ['+.inf', Infinity],
  ['+.Inf', Infinity],
  ['+.INF', Infinity],
  ['-.inf', -Infinity],
  ['-.Inf', -Infinity],
  ['-.INF', -Infinity],
  ['.nan', NaN],
  ['.NaN', NaN],
  ['.NAN', NaN],
  ...['~', 'null', 'Null', 'NULL'].map((word): [string, Json] => [word, null]),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word): [string, Json] => [
    word,
    true,
  ]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word): [string, Json] => [
    word,
    false,
  ]),
]);

const MAY_RESOLVE = /^[-+.~\dyYnNtTfFoO]|^$/;
const INTEGER = /^[-+]?(?:0|[1-9]\d*)$/;
const PREFIXED = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * The value of an unquoted YAML 1.1 scalar as Kubernetes' YAML reader takes it: `y`, `on` and `No` are booleans, `0755`
 * is octal, a date stays text.
 */
export function resolveScalar(text: string): Json {
  if (!MAY_RESOLVE.test(text)) return text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return resolveNumber(text) ?? text;
}

function resolveNumber(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  if (INTEGER.test(plain)) return Number(plain);
  const prefixed = PREFIXED.exec(plain);
  if (prefixed) return prefixedNumber(prefixed[1] === '-', prefixed[2] ?? '');
  return FLOAT.test(plain) ? Number(plain) : undefined;
}

function prefixedNumber(negative: boolean, digits: string): number {
  const value = /^0\d/.test(digits) ? Number(`0o${digits.slice(1)}`) : Number(digits);
  return negative ? -value : value;
}
