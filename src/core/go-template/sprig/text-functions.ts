import { byteLength, byteSlice } from '../byte-text.ts';
import { compareText, GoList, GoMap, integer, textList, type GoValue } from '../go-values.ts';
import { goText, MAX_TEXT, quoteText } from '../print-value.ts';
import { TemplateError } from '../template-error.ts';
import { fixed, variadic, type FunctionTable } from '../template-function.ts';

function limited(length: number): void {
  if (length > MAX_TEXT) throw new TemplateError(`the result is longer than ${MAX_TEXT} characters`);
}

/** A value as text; nil is `<nil>`. */
export function textOf(value: GoValue): string {
  return typeof value === 'string' ? value : goText(value);
}

/** The texts of a list, or of a value that counts as a list of one; nils are left out. */
function textsOf(value: GoValue): string[] {
  if (value === null || value === undefined) return [];
  if (!(value instanceof GoList)) return [textOf(value)];
  return value.items.filter((item) => item !== null && item !== undefined).map(textOf);
}

function trimSet(text: string, set: string): string {
  const characters = [...text];
  const members = new Set(set);
  let start = 0;
  let end = characters.length;
  while (start < end && members.has(characters[start] ?? '')) start += 1;
  while (end > start && members.has(characters[end - 1] ?? '')) end -= 1;
  return characters.slice(start, end).join('');
}

function replaceAll(text: string, from: string, to: string): string {
  const count = from === '' ? text.length + 1 : text.split(from).length - 1;
  limited(text.length + count * Math.max(0, to.length - from.length));
  if (from === '') return [...text].reduce((result, character) => result + character + to, to);
  return text.split(from).join(to);
}

function indent(spaces: number, text: string): string {
  const pad = Math.max(0, spaces);
  limited(text.length + text.split('\n').length * pad);
  return ' '.repeat(pad) + text.replaceAll('\n', `\n${' '.repeat(pad)}`);
}

function truncated(count: number, text: string): string {
  const length = byteLength(text);
  if (count < 0 && length + count > 0) return byteSlice(text, length + count);
  return count >= 0 && length > count ? byteSlice(text, 0, count) : text;
}

function substring(start: number, end: number, text: string): string {
  const length = byteLength(text);
  if (start < 0) return bounded(text, 0, end);
  return end < 0 || end > length ? bounded(text, start, length) : bounded(text, start, end);
}

function bounded(text: string, start: number, end: number): string {
  if (start > end || end < 0 || end > byteLength(text))
    throw new TemplateError(`the part from ${start} to ${end} is out of range`);
  return byteSlice(text, start, end);
}

const WORD = /[\p{L}\p{Nd}_]/u;

/** Capitals at the start of each word. */
function titled(text: string): string {
  let before = ' ';
  let result = '';
  for (const character of text) {
    const inside = WORD.test(before) || (before > '\x7f' && !/\s/u.test(before));
    result += inside ? character : character.toUpperCase();
    before = character;
  }
  return result;
}

function untitled(text: string): string {
  return text.replace(/(^|\s)(\S)/gu, (_, space: string, letter: string) => space + letter.toLowerCase());
}

/** A letter's capital, where that is one letter too. */
function capital(letter: string): string {
  const upper = letter.toUpperCase();
  return [...upper].length === 1 ? upper : letter;
}

function swapCase(text: string): string {
  return [...text].map((letter) => (letter === letter.toLowerCase() ? capital(letter) : letter.toLowerCase())).join('');
}

const SHORTEST = 4;

function abbreviated(width: number, text: string): string {
  return width < SHORTEST || text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

function splitText(text: string, separator: string): string[] {
  return separator === '' ? [...text] : text.split(separator);
}

function numbered(parts: readonly string[]): GoMap {
  return new GoMap(
    parts.map((part, index): [string, GoValue] => [`_${index}`, part]),
    true,
  );
}

function splitLimited(separator: string, count: number, text: string): string[] {
  if (count === 0) return [];
  const parts = splitText(text, separator);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** Breaks a text into lines of at most that many characters, between words; long words stay whole or are cut. */
function wrapped(text: string, width: number, options: { separator: string; cut: boolean }): string {
  const lines: string[] = [];
  const limit = Math.max(1, width);
  let rest = text.replace(/^ +/, '');
  while (rest.length > limit) {
    const space = rest.lastIndexOf(' ', limit);
    const next = rest.indexOf(' ', limit);
    const end = space > 0 ? space : options.cut ? limit : next < 0 ? rest.length : next;
    lines.push(rest.slice(0, end));
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end).replace(/^ +/, '');
  }
  limited(text.length + lines.length * options.separator.length);
  return [...lines, rest].join(options.separator);
}

function joined(separator: string, value: GoValue): string {
  const parts = textsOf(value);
  limited(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
  return parts.join(separator);
}

/** sprig's functions on text. */
export const TEXT_FUNCTIONS: FunctionTable = {
  abbrev: fixed(['int', 'text'], abbreviated),
  cat: variadic([], 'any', (...values) =>
    values
      .filter((value) => value !== null)
      .map(goText)
      .join(' '),
  ),
  contains: fixed(['text', 'text'], (part, text) => text.includes(part)),
  hasPrefix: fixed(['text', 'text'], (prefix, text) => text.startsWith(prefix)),
  hasSuffix: fixed(['text', 'text'], (suffix, text) => text.endsWith(suffix)),
  hello: fixed([], () => 'Hello!'),
  indent: fixed(['int', 'text'], indent),
  initials: fixed(['text'], (text) => (text.match(/\S+/gu) ?? []).map((word) => [...word][0]).join('')),
  join: fixed(['text', 'any'], joined),
  lower: fixed(['text'], (text) => text.toLowerCase()),
  nindent: fixed(['int', 'text'], (spaces, text) => `\n${indent(spaces, text)}`),
  nospace: fixed(['text'], (text) => text.replace(/\s/gu, '')),
  plural: fixed(['text', 'text', 'int'], (one, many, count) => (count === 1 ? one : many)),
  quote: variadic([], 'any', (...values) =>
    values
      .filter((value) => value !== null)
      .map((value) => quoteText(textOf(value)))
      .join(' '),
  ),
  repeat: fixed(['int', 'text'], (count, text) => {
    if (count < 0) throw new TemplateError('the count must not be negative');
    limited(count * text.length);
    return text.repeat(count);
  }),
  replace: fixed(['text', 'text', 'text'], (from, to, text) => replaceAll(text, from, to)),
  sortAlpha: fixed(['any'], (value) => textList(textsOf(value).sort(compareText))),
  split: fixed(['text', 'text'], (separator, text) => numbered(splitText(text, separator))),
  splitList: fixed(['text', 'text'], (separator, text) => textList(splitText(text, separator))),
  splitn: fixed(['text', 'int', 'text'], (separator, count, text) => numbered(splitLimited(separator, count, text))),
  squote: variadic([], 'any', (...values) =>
    values
      .filter((value) => value !== null)
      .map((value) => `'${goText(value)}'`)
      .join(' '),
  ),
  substr: fixed(['int', 'int', 'text'], substring),
  swapcase: fixed(['text'], swapCase),
  title: fixed(['text'], titled),
  toString: fixed(['any'], textOf),
  toStrings: fixed(['any'], (value) => textList(textsOf(value))),
  trim: fixed(['text'], (text) => text.trim()),
  trimAll: fixed(['text', 'text'], (set, text) => trimSet(text, set)),
  trimall: fixed(['text', 'text'], (set, text) => trimSet(text, set)),
  trimPrefix: fixed(['text', 'text'], (prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: fixed(['text', 'text'], (suffix, text) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  trunc: fixed(['int', 'text'], truncated),
  untitle: fixed(['text'], untitled),
  upper: fixed(['text'], (text) => [...text].map(capital).join('')),
  wrap: fixed(['int', 'text'], (width, text) => wrapped(text, width, { separator: '\n', cut: false })),
  wrapWith: fixed(['int', 'text', 'text'], (width, separator, text) => wrapped(text, width, { separator, cut: true })),
  atoi: fixed(['text'], (text) => integer(/^[-+]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : 0n)),
};
