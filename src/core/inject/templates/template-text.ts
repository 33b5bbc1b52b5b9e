import { errorText } from '../../error-text.ts';
import { floatText } from '../../float-text.ts';
import { isJsonObject, type Json } from '../../kube-object.ts';
import { compareBytes } from '../go-json.ts';
import { InjectionError } from '../template-context.ts';
import { readYaml } from './yaml-document.ts';
import { resolveScalar } from './yaml-scalar.ts';

/** Text that means itself between double quotes. */
const QUOTABLE = /^[^"\\\p{Cc}\u2028\u2029\ufeff]*$/u;
/** Text that YAML reads as one unquoted scalar, whatever stands around it. */
const PLAIN = /^(?:[A-Za-z0-9_./$(]|[-+](?=[^\s]))[\w./$()+*@%=~-]*(?::[\w./$()+*@%=~-]+)*$/;

/** A value as Go prints it with `%v`. What is missing prints as an unset Go value. */
export function goText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isJsonObject(value)) return '<nil>';
  const keys = Object.keys(value).sort(compareBytes);
  return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}

/** A value as a template action prints it; null counts as missing there. */
export function printed(value: Json | undefined): string {
  return value === undefined || value === null ? '<no value>' : goText(value);
}

/**
 * What a template's reader gets for text between double quotes.
 * @throws InjectionError for text that would break the quotes; `what` names its source.
 */
export function quotedText(text: string, what: string): string {
  if (QUOTABLE.test(text)) return text;
  const value = parsed(`"${text}"`, what, text);
  if (typeof value !== 'string') throw unreadable(what, text, 'it must not contain a double quote');
  return value;
}

/** What a template's reader gets for text between single quotes. @throws InjectionError */
export function singleQuotedText(text: string, what: string): string {
  if (!text.includes("'") && !/\p{Cc}/u.test(text)) return text;
  const value = parsed(`'${text}'`, what, text);
  if (typeof value !== 'string') throw unreadable(what, text, 'it must not contain a single quote');
  return value;
}

/** What a template's reader gets for unquoted text. @throws InjectionError for text that breaks the document. */
function plainValue(text: string, what: string): Json {
  if (PLAIN.test(text)) return resolveScalar(text);
  const list = parsed(`- ${text}`, what, text);
  if (Array.isArray(list) && list.length === 1) return list[0] ?? null;
  throw unreadable(what, text, 'it is no single YAML value');
}

/** Unquoted text that must be read as text. @throws InjectionError when YAML takes it for something else. */
export function plainText(text: string, what: string): string {
  const value = plainValue(text, what);
  if (typeof value === 'string') return value;
  throw new InjectionError(
    `${what}: ${shown(text)} is read as ${kindOf(value)} where text is needed; use another value or name`,
  );
}

/** Unquoted text, where empty text and YAML's words for null leave the field unset. @throws InjectionError */
export function plainTextOrNull(text: string, what: string): string | null {
  return plainValue(text, what) === null ? null : plainText(text, what);
}

const INT32 = 2 ** 31;

/** Unquoted text that must be read as a 32 bit integer. @throws InjectionError */
export function plainInteger(text: string, what: string): number {
  const value = plainValue(text, what);
  if (typeof value === 'number' && Number.isInteger(value) && value >= -INT32 && value < INT32) return value;
  throw new InjectionError(`${what}: ${shown(text)} is not an integer from ${-INT32} to ${INT32 - 1}`);
}

/** Unquoted text that must be read as true or false. @throws InjectionError */
export function plainBoolean(text: string, what: string): boolean {
  const value = plainValue(text, what);
  if (typeof value === 'boolean') return value;
  throw new InjectionError(`${what}: ${shown(text)} is not true or false`);
}

function parsed(yaml: string, what: string, text: string): Json {
  try {
    return readYaml(yaml);
  } catch (error) {
    throw unreadable(what, text, errorText(error));
  }
}

function unreadable(what: string, text: string, cause: string): InjectionError {
  return new InjectionError(`${what}: ${shown(text)} cannot stand in an injection template: ${cause}`);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
