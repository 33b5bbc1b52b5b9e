import { GoInteger, GoList, GoMap, typeName, type GoValue } from './go-values.ts';
import type { ParameterType } from './template-function.ts';
import { TemplateError } from './template-error.ts';

const GO_NAMES: Readonly<Record<ParameterType, string>> = {
  any: 'any value',
  raw: 'any value',
  text: 'a string',
  int: 'an int',
  float: 'a float64',
  bool: 'a bool',
  integer: 'an integer',
  list: 'a list',
  map: 'a map of any values',
  texts: 'a map of strings',
};

/** An argument in the form that a parameter takes, by Go's rules: nothing is converted silently. @throws TemplateError */
export function convertArgument(value: GoValue, type: ParameterType): GoValue | number {
  const converted = CONVERSIONS[type](value);
  if (converted !== MISFIT) return converted;
  throw new TemplateError(`needs ${GO_NAMES[type]}, got ${value === undefined ? 'no value' : typeName(value)}`);
}

const MISFIT = Symbol('misfit');
type Conversion = (value: GoValue) => GoValue | typeof MISFIT;

const CONVERSIONS: Readonly<Record<ParameterType, Conversion>> = {
  any: (value) => (value === undefined ? null : value),
  raw: (value) => value,
  text: (value) => (typeof value === 'string' ? value : MISFIT),
  int: (value) => (value instanceof GoInteger && value.type === 'int' ? Number(value.value) : MISFIT),
  float: (value) => (typeof value === 'number' ? value : MISFIT),
  bool: (value) => (typeof value === 'boolean' ? value : MISFIT),
  integer: (value) => (value instanceof GoInteger ? value : MISFIT),
  list: (value) => (value === undefined ? new GoList([]) : value instanceof GoList ? value : MISFIT),
  map: (value) => mapOf(value, false),
  texts: (value) => mapOf(value, true),
};

function mapOf(value: GoValue, ofText: boolean): GoValue | typeof MISFIT {
  if (value === undefined) return new GoMap([], ofText);
  return value instanceof GoMap && value.ofText === ofText ? value : MISFIT;
}
