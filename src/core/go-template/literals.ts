import { TemplateError } from './template-error.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const ESCAPE = /\\(?:x[\da-fA-F]{2}|[0-7]{3}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])/g;

/** The text of a Go string literal with its quotes. @throws TemplateError for an escape that Go does not know */
export function parseString(literal: string): string {
  const inner = literal.slice(1, -1);
  return literal.startsWith('`') ? inner.replaceAll('\r', '') : unescape(inner, '"');
}

/** The code point of a Go character literal. @throws TemplateError */
export function parseCharacter(literal: string): number {
  const characters = [...unescape(literal.slice(1, -1), "'")];
  if (characters.length !== 1) throw new TemplateError(`${literal} is not one character`);
  return characters[0]?.codePointAt(0) ?? 0;
}

function unescape(text: string, quote: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let end = 0;
  for (const match of text.matchAll(ESCAPE)) {
    bytes.push(...encoder.encode(text.slice(end, match.index)), ...escaped(match[0], quote, encoder));
    end = match.index + match[0].length;
  }
  bytes.push(...encoder.encode(text.slice(end)));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes));
}

/** Bytes of one escape: `\x` and octal name bytes, all others characters. */
function escaped(escape: string, quote: string, encoder: InstanceType<typeof TextEncoder>): Iterable<number> {
  const letter = escape.charAt(1);
  if (escape.length === 2) {
    const character = letter === quote ? quote : SIMPLE[letter];
    if (character === undefined) throw new TemplateError(`${escape} is not an escape in a string`);
    return encoder.encode(character);
  }
  if (letter === 'x') return [Number.parseInt(escape.slice(2), 16)];
  if (letter === 'u' || letter === 'U') return encoder.encode(codePoint(escape));
  const byte = Number.parseInt(escape.slice(1), 8);
  if (byte > 255) throw new TemplateError(`${escape} is not a byte`);
  return [byte];
}

function codePoint(escape: string): string {
  const code = Number.parseInt(escape.slice(2), 16);
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new TemplateError(`${escape} is not a character`);
  return String.fromCodePoint(code);
}

/** A number of a template: it is an integer, a float or both, as far as its value allows. */
export interface NumberLiteral {
  integer: bigint | undefined;
  float: number;
  /** Whether it counts as a float where nothing else decides. */
  writtenAsFloat: boolean;
}

const DECIMAL = /^[-+]?(?!0\d+$)(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d[\d_]*)?$/;
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Reads a Go number. @throws TemplateError for what is none, and for complex numbers */
export function parseNumber(text: string): NumberLiteral {
  if (text.endsWith('i')) throw new TemplateError(`complex numbers such as ${text} are not supported`);
  const exact = parseInteger(text);
  if (exact !== undefined) {
    if (exact < MIN || exact > MAX) throw new TemplateError(`${text} is too large for an integer`);
    return { integer: exact, float: Number(exact), writtenAsFloat: false };
  }
  if (!DECIMAL.test(text)) throw new TemplateError(`${text} is not a number`);
  const float = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(float)) throw new TemplateError(`${text} is too large for a float`);
  return { integer: Number.isSafeInteger(float) ? BigInt(float) : undefined, float, writtenAsFloat: true };
}

const INTEGER = /^([-+]?)(?:(0[xX][\da-fA-F]+)|(0[bB][01]+)|0[oO]?([0-7]*)|([1-9]\d*))$/;

/** A Go integer with its base prefix, or undefined. */
export function parseInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text.replaceAll('_', ''));
  if (!match) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const value = BigInt(hex ?? binary ?? decimal ?? (octal ? `0o${octal}` : 0));
  return sign === '-' ? -value : value;
}
