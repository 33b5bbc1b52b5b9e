import { parse } from 'yaml';
import { RenderError } from '../render-error.ts';
import { isJsonObject } from '../kube-object.ts';
import type { Json, JsonObject } from '../kube-object.ts';

/**
 * Readers of the untyped values tree. Truth, printing and defaults follow Go's text/template, because users' values
 * were written against those rules (`enabled: ""` is off, 1000000 prints as 1e+06).
 */
export type Values = JsonObject;

/** The value at a dotted path; undefined when any step is missing, null or not a map. */
export function valueAt(values: Values, path: string): Json | undefined {
  let current: Json | undefined = values;
  for (const key of path.split('.')) {
    if (!isJsonObject(current)) return undefined;
    current = current[key];
  }
  return current;
}

/** Go's truth: null, false, 0 and everything empty are false. */
export function isTruthy(value: Json | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Whether the value at the path counts as true. */
export function isOn(values: Values, path: string): boolean {
  return isTruthy(valueAt(values, path));
}

/** The first true value, as `default` and `coalesce` choose it; undefined when none is. */
export function firstTruthy(...candidates: (Json | undefined)[]): Json | undefined {
  return candidates.find(isTruthy);
}

/** A float64 as Go's `%v` prints it: shortest digits, in exponent form below 1e-4 and from 1e6 on. */
function printedNumber(value: number): string {
  const exponential = value.toExponential();
  const exponent = Number(exponential.slice(exponential.indexOf('e') + 1));
  if (exponent >= -4 && exponent < 6) return String(value);
  return exponential.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** What `{{ value }}` prints; null and missing print nothing, as Helm has it. */
export function printed(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return printedNumber(value);
  if (Array.isArray(value)) return `[${value.map(printedInside).join(' ')}]`;
  if (typeof value === 'object') {
    return `map[${sortedEntries(value)
      .map(([key, item]) => `${key}:${printedInside(item)}`)
      .join(' ')}]`;
  }
  return String(value);
}

/** What Go prints for an item of a list or map; Helm's rule for null holds at the top only. */
function printedInside(value: Json): string {
  return value === null ? '<nil>' : printed(value);
}

/** The printed value at a path; the empty string when missing. */
export function str(values: Values, path: string): string {
  return printed(valueAt(values, path));
}

/** The map at a path; an empty one when there is none. @throws RenderError when something else stands there */
export function objectAt(values: Values, path: string): JsonObject {
  const value = valueAt(values, path);
  if (isJsonObject(value)) return value;
  if (isTruthy(value)) throw wrongType(path, 'a map', value);
  return {};
}

/** The list at a path; an empty one when there is none. @throws RenderError when something else stands there */
export function listAt(values: Values, path: string): Json[] {
  const value = valueAt(values, path);
  if (Array.isArray(value)) return value;
  if (isTruthy(value)) throw wrongType(path, 'a list', value);
  return [];
}

/** A setting of a wrong type is never left out in silence: it may be one that protects. */
function wrongType(path: string, expected: string, value: Json | undefined): RenderError {
  const got = typeof value === 'object' ? JSON.stringify(value).slice(0, 60) : JSON.stringify(value);
  return new RenderError(`values.${path}`, `must be ${expected}, got ${got}`);
}

/** Entries in the order in which a template ranges over a map. Entries set to undefined are left out. */
export function sortedEntries(object: JsonObject): [string, Json][] {
  return Object.entries(object)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `int`: a whole number, from a number or a number in text; 0 for all else. */
export function intOf(value: Json | undefined): number {
  if (typeof value === 'number') return Math.trunc(value);
  if (value === true) return 1;
  if (typeof value === 'string' && /^\s*[+-]?\d+(\.\d*)?\s*$/.test(value)) return Math.trunc(Number(value));
  return 0;
}

/** Words that YAML 1.1 takes for what they look like. */
const WORD = /^[A-Za-z][\w./-]*$/;
const TYPED_WORD = /^(y|n|yes|no|on|off|true|false|null)$/i;
/** Few enough digits for a number to hold. */
const DECIMAL = /^(0|[1-9]\d{0,14})$/;
/** Such as 500m, 128Mi and 25%. */
const QUANTITY = /^\d+(m|%|[kMGTP]i?)$/;

/**
 * The type that a value has after it was printed without quotes into YAML: text such as `5`, `yes` or `1e3` becomes a
 * number or a boolean (YAML 1.1). Maps and lists never stand there.
 */
export function bare(value: Json | undefined): Json {
  const text = printed(value);
  // Most values are these; to load the parser for them takes longer than to render all.
  if (WORD.test(text) && !TYPED_WORD.test(text)) return text;
  if (DECIMAL.test(text)) return Number(text);
  if (QUANTITY.test(text)) return text;
  if (text.trim() === '') return null;
  try {
    const parsed: unknown = parse(text, {
      version: '1.1',
      logLevel: 'silent',
      schema: 'yaml-1.1',
      customTags: plainScalarTags,
    });
    return typeof parsed === 'object' && parsed !== null ? text : (parsed as Json);
  } catch {
    return text;
  }
}

/** YAML 1.1 without timestamps, binary and numbers to the base 60, as Go's readers have it: those stay text. */
function plainScalarTags<T>(tags: T[]): T[] {
  const dropped = new Set(['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:binary', 'timestamp', 'binary']);
  return tags.filter((tag) => {
    const { tag: name, format } = (typeof tag === 'string' ? { tag } : tag) as { tag?: string; format?: string };
    return format !== 'TIME' && (name === undefined || !dropped.has(name));
  });
}

/** An entry for an object literal when the value is true: `{ ...entryIf('nodeSelector', value) }`. */
export function entryIf(key: string, value: Json | undefined): JsonObject {
  return isTruthy(value) && value !== undefined ? { [key]: value } : {};
}

/** Whether objects of this scope are wanted (`global.resourceScope`). */
export function inScope(values: Values, scope: 'namespace' | 'cluster'): boolean {
  const wanted = valueAt(values, 'global.resourceScope');
  if (typeof wanted === 'number') {
    throw new RenderError('values.global.resourceScope', `must be all, cluster or namespace, got ${wanted}`);
  }
  return wanted === 'all' || wanted === scope;
}

/** Resource requirements without empty quantities; undefined when nothing is left. @throws RenderError */
export function computeResources(resources: Json | undefined): JsonObject | undefined {
  const values = { resources: resources ?? null };
  objectAt(values, 'resources');
  const result: JsonObject = {};
  for (const key of ['limits', 'requests']) {
    const kept = sortedEntries(objectAt(values, `resources.${key}`)).filter(([, quantity]) => isTruthy(quantity));
    if (kept.length > 0) result[key] = Object.fromEntries(kept.map(([name, quantity]) => [name, bare(quantity)]));
  }
  return Object.keys(result).length > 0 ? result : undefined;
}
