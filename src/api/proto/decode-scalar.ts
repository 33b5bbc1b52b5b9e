import { notAChoice, wrongType, isPlainObject } from '../wrong-value.ts';
import type { Fault } from '../problem.ts';
import { NO_TIME, parseDuration } from './duration.ts';
import type { ScalarKind } from './outline.ts';

/** The decoded value, or undefined when `refuse` was called. */
export type ScalarDecoder = (json: unknown, refuse: (problem: Fault) => void) => unknown;

/** The JSON text between the quotes is read as a number, as Go's jsonpb does: blanks around it are blanks of JSON. */
const QUOTED_INTEGER = /^[ \t\r\n]*(-?(?:0|[1-9]\d*))[ \t\r\n]*$/;
const QUOTED_NUMBER = /^[ \t\r\n]*-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?[ \t\r\n]*$/;
const QUOTED_NULL = /^[ \t\r\n]*null[ \t\r\n]*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const RANGES = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;
type IntegerKind = keyof typeof RANGES;

/** What each takes, in words. */
export const EXPECTED: Readonly<Record<ScalarKind, string>> = {
  string: 'a string',
  bool: 'true or false',
  int32: 'an integer',
  uint32: 'an integer from 0 to 4294967295',
  int64: 'an integer',
  uint64: 'an integer that is not negative',
  double: 'a number',
  bytes: 'text in base64',
  enum: 'one of its names',
  duration: 'a duration such as 10s, 1h30m or 250ms',
  timestamp: 'a time such as 2026-01-31T12:00:00Z',
  struct: 'an object',
};

/** The decoder of a scalar; `names` are those of an enum by number. */
export function scalarDecoder(kind: ScalarKind, names: ReadonlyMap<number, string>): ScalarDecoder {
  if (kind === 'enum') return enumDecoder(names);
  const read = READERS[kind];
  const expected = EXPECTED[kind];
  return (json, refuse) => {
    const value = read(json);
    if (value === undefined) refuse(complaint(expected, json));
    return value;
  };
}

/** What null stands for as an entry of a list or map. */
export function zeroValue(kind: ScalarKind, names: ReadonlyMap<number, string>): unknown {
  if (kind === 'enum') return names.get(0) ?? 0;
  if (kind === 'duration') return NO_TIME;
  if (kind === 'struct') return {};
  if (kind === 'bool') return false;
  return kind === 'string' || kind === 'bytes' || kind === 'timestamp' ? '' : 0;
}

/** The key of a map in canonical form, or undefined when it is no number of 32 bits without sign. */
export function readUint32Key(key: string): string | undefined {
  const number = readInteger('uint32', key.replace(/^"+|"+$/g, ''));
  return number === undefined ? undefined : String(number);
}

function complaint(expected: string, json: unknown): Fault {
  const { path: _path, ...problem } = wrongType('', expected, json);
  return problem;
}

const READERS: Readonly<Record<Exclude<ScalarKind, 'enum'>, (json: unknown) => unknown>> = {
  string: (json) => (typeof json === 'string' ? json : undefined),
  bool: (json) => (typeof json === 'boolean' ? json : undefined),
  int32: (json) => (typeof json === 'number' && (json | 0) === json ? json : readInteger('int32', json)),
  uint32: (json) => (typeof json === 'number' && json >>> 0 === json ? json : readInteger('uint32', json)),
  int64: (json) => readInteger('int64', json),
  uint64: (json) => readInteger('uint64', json),
  double: readDouble,
  bytes: readBytes,
  duration: (json) => (typeof json === 'string' ? parseDuration(json) : undefined),
  timestamp: (json) => (typeof json === 'string' ? json : undefined),
  struct: (json) => (isPlainObject(json) ? json : undefined),
};

function readInteger(kind: IntegerKind, json: unknown): number | bigint | undefined {
  const value = wholeNumber(json);
  if (value === undefined) return undefined;
  const [least, most] = RANGES[kind];
  if (value < least || value > most) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function wholeNumber(json: unknown): bigint | undefined {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : undefined;
  if (typeof json === 'bigint') return json;
  if (typeof json !== 'string' || json.length > 64) return undefined;
  // Go leaves the field at zero.
  if (QUOTED_NULL.test(json)) return 0n;
  const digits = QUOTED_INTEGER.exec(json)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

function readDouble(json: unknown): number | undefined {
  if (typeof json === 'number') return Number.isFinite(json) ? json : undefined;
  if (typeof json !== 'string') return undefined;
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
  if (QUOTED_NULL.test(json)) return 0;
  const number = QUOTED_NUMBER.test(json) ? Number(json) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Base64 of the standard alphabet with its padding, or the list of the bytes; the result is base64. */
function readBytes(json: unknown): string | undefined {
  if (Array.isArray(json)) {
    const codes = json.map((item: unknown) => (item === null ? 0 : item));
    return codes.every(isByte) ? btoa(String.fromCharCode(...codes)) : undefined;
  }
  if (typeof json !== 'string') return undefined;
  const text = json.replace(/[\r\n]/g, '');
  return BASE64.test(text) ? text : undefined;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function enumDecoder(names: ReadonlyMap<number, string>): ScalarDecoder {
  const words = [...names.values()];
  const known = new Set(words);
  return (json, refuse) => {
    if (typeof json === 'string') {
      if (known.has(json)) return json;
      const { path: _path, ...problem } = notAChoice('', words, json);
      refuse(problem);
      return undefined;
    }
    if (typeof json === 'number' && (json | 0) === json) return names.get(json) ?? json;
    refuse(complaint(`one of ${words.join(', ')}`, json));
    return undefined;
  };
}
