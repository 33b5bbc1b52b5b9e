import { floatText } from '../float-text.ts';
import { GoInteger, GoList, GoMap, sortedEntries, type GoStruct, type GoValue } from './go-values.ts';
import { VisitBudget } from './visit-budget.ts';

/** Text that a template may make at most, in all and in one value. */
export const MAX_TEXT = 1024 * 1024;

/** A value as a template prints it. */
export function printed(value: GoValue): string {
  return value === undefined || value === null ? '<no value>' : goText(value);
}

/** A value as Go's `%v` prints it. @throws TemplateError for a value that contains itself or is too large */
export function goText(value: GoValue): string {
  return textOf(value, new VisitBudget());
}

function textOf(value: GoValue, budget: VisitBudget): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'boolean') return String(value);
  return value instanceof GoInteger ? String(value.value) : budget.visit(() => groupText(value, budget));
}

function groupText(value: GoList | GoMap | GoStruct, budget: VisitBudget): string {
  if (value instanceof GoList) return `[${value.items.map((item) => textOf(item, budget)).join(' ')}]`;
  if (!(value instanceof GoMap)) return value.text();
  const pairs = sortedEntries(value).map(([key, item]) => `${key}:${textOf(item, budget)}`);
  return `map[${pairs.join(' ')}]`;
}

/** Values one after the other; a space between two that are no text, as Go's Sprint does. */
export function sprint(values: readonly GoValue[]): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    const spaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    text += (spaced ? ' ' : '') + goText(value);
  }
  return text;
}

/** A text as Go's `%q` quotes it. */
export function quoteText(text: string): string {
  let quoted = '"';
  for (const character of text) quoted += QUOTED[character] ?? quotedCharacter(character);
  return `${quoted}"`;
}

const QUOTED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function quotedCharacter(character: string): string {
  if (PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  const digits = code.toString(16);
  return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
