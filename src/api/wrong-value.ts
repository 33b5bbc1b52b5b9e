import { shorten } from './field-path.ts';
import { nearest } from './near-miss.ts';
import type { Problem } from './problem.ts';

/** As many names as still read well in one error. */
export const NAMES_SHOWN = 16;

/** The problem of a word that is none of the choices. */
export function notAChoice(path: string, choices: string[], value: string): Problem {
  const meant = nearest(value, choices);
  const shown = choices.length <= NAMES_SHOWN ? choices.join(', ') : `${choices.slice(0, NAMES_SHOWN).join(', ')}, …`;
  return {
    path,
    code: 'DecodingFailed',
    message: `must be one of ${shown}, got ${shorten(JSON.stringify(value), 60)}`,
    ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
  };
}

/** The problem of a value that has another type than the field. */
export function wrongType(path: string, expected: string, value: unknown): Problem {
  const hint = hintFor(expected, value);
  return {
    path,
    code: 'DecodingFailed',
    message: `must be ${expected}, got ${describeValue(value)}`,
    ...(hint ? { hint } : {}),
  };
}

function hintFor(expected: string, value: unknown): string {
  if (expected === 'a string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: "${value}"`;
  if (expected === 'true or false' && (value === 'true' || value === 'false')) return `write ${value} without quotes`;
  if (expected === 'an integer' && typeof value === 'string' && /^-?\d+$/.test(value))
    return `write ${value} without quotes`;
  if (expected === 'a list' && isPlainObject(value)) return 'begin each entry with "- "';
  return '';
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `string ${shorten(JSON.stringify(value), 60)}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `${typeof value} ${value}`;
  return 'an object';
}

/** Whether a value is a JSON object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
