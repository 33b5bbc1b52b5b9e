import { isJsonObject } from '../kube-object.ts';
import type { Json, JsonObject, KubeObject } from '../kube-object.ts';

/** Words that some YAML 1.1 reader takes for a boolean or null. */
const TYPED_WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
/** Text that stays text without quotes: begins like a word or a path and holds nothing that YAML reads as syntax. */
const PLAIN = /^[A-Za-z_/](?:[\w./@+=,;$(){}*&^~<>|?!-]|:(?=[^\s])| (?=[\w./(]))*$/;
/** A long text block: no control characters, and no blank before its first word. */
// eslint-disable-next-line no-control-regex -- the point is to find control characters
const NOT_LITERAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u2028\u2029]|[\ud800-\udfff]|^\n*(?: |$)/;

/** What is written, piece by piece: most are there already, and texts that are put together on the way would be thrown away. */
type Out = string[];

/**
 * Multi-document YAML with sorted keys. Written here because a manifest holds plain JSON trees only, and the general
 * writer takes longer than all rendering.
 */
export function toManifestText(objects: readonly KubeObject[]): string {
  const out: Out = [];
  for (const object of objects) {
    if (out.length > 0) out.push('---\n');
    writeMap(object as unknown as JsonObject, 0, out, true);
    out.push('\n');
  }
  return out.join('');
}

/** One map of a manifest's kind, not empty: plain JSON, sorted keys. */
export function toMapText(map: JsonObject, depth = 0): string {
  const out: Out = [];
  writeEntries(map, depth, out, false);
  return out.join('').slice(1);
}

/** One list of the same, not empty. */
export function toListText(list: Json[]): string {
  const out: Out = [];
  writeList(list, 0, out);
  return out.join('').slice(1);
}

/** The text of a tree that stands at some depth. */
export interface PlacedText {
  readonly depth: number;
  readonly text: string;
}

/** That of each frozen tree at the depth at which it last stood: the versions of a definition share their schema. */
const FROZEN = new WeakMap<JsonObject, () => PlacedText | undefined>();

/** Takes the text of a frozen tree from who has it already: at its depth the tree is not even read. */
export function keepText(frozen: JsonObject, text: () => PlacedText | undefined): void {
  FROZEN.set(frozen, text);
}

/** Whether there is anything in it; the first entry goes on in a line that has begun, or in one of its own. */
function writeMap(map: JsonObject, depth: number, out: Out, hasBegun: boolean): boolean {
  if (!Object.isFrozen(map)) return writeEntries(map, depth, out, hasBegun);
  const text = frozenText(map, depth);
  if (text === '') return false;
  if (hasBegun) out.push(text.slice(lineAt(depth).length - 1));
  else out.push('\n', text);
  return true;
}

function frozenText(map: JsonObject, depth: number): string {
  const known = FROZEN.get(map)?.();
  if (known?.depth === depth) return known.text;
  const placed = { depth, text: toMapText(map, depth) };
  FROZEN.set(map, () => placed);
  return placed.text;
}

function writeEntries(map: JsonObject, depth: number, out: Out, hasBegun: boolean): boolean {
  let isFirst = true;
  for (const key of Object.keys(map).sort()) {
    const value = map[key];
    if (value === undefined) continue;
    if (!isFirst || !hasBegun) out.push(lineAt(depth));
    isFirst = false;
    out.push(keyText(key));
    if (isJsonObject(value)) {
      if (!writeMap(value, depth + 1, out, false)) out.push(' {}');
    } else if (Array.isArray(value) && value.length > 0) writeList(value, depth, out);
    else writeLeaf(value, depth, out);
  }
  return !isFirst;
}

function writeList(list: Json[], depth: number, out: Out): void {
  for (const item of list) {
    out.push(lineAt(depth), '-');
    if (isJsonObject(item)) {
      out.push(' ');
      if (!writeMap(item, depth + 1, out, true)) out.push('{}');
    } else if (Array.isArray(item) && item.length > 0) writeList(item, depth + 1, out);
    else writeLeaf(item, depth, out);
  }
}

/** By depth: the begin of a line. */
const LINES: string[] = [];

function lineAt(depth: number): string {
  return (LINES[depth] ??= `\n${'  '.repeat(depth)}`);
}

/** Whether a field of it would be written. */
export function hasEntries(map: JsonObject): boolean {
  return Object.values(map).some((item) => item !== undefined);
}

/** What is neither a map nor a list with items. */
function writeLeaf(value: Exclude<Json, JsonObject>, depth: number, out: Out): void {
  out.push(' ');
  if (typeof value === 'string')
    out.push(value.includes('\n') ? blockText(value, lineAt(depth + 1)) : scalarText(value));
  else if (typeof value === 'number') out.push(numberText(value));
  else out.push(Array.isArray(value) ? '[]' : String(value));
}

/** The keys of a manifest are few and come back often. */
const KEYS = new Map<string, string>();

/** With its colon. */
function keyText(key: string): string {
  let text = KEYS.get(key);
  if (text === undefined) {
    text = `${scalarText(key)}:`;
    if (KEYS.size < 4096) KEYS.set(key, text);
  }
  return text;
}

/** YAML 1.1 wants a dot in a number with an exponent. */
function numberText(value: number): string {
  const text = String(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}

function scalarText(text: string): string {
  return PLAIN.test(text) && !TYPED_WORD.test(text) ? text : JSON.stringify(text);
}

function blockText(text: string, line: string): string {
  if (NOT_LITERAL.test(text)) return JSON.stringify(text);
  let length = text.length;
  while (text[length - 1] === '\n') length -= 1;
  const ends = text.length - length;
  const chomping = ends === 0 ? '-' : ends === 1 ? '' : '+';
  // Empty lines have no indentation, but for one at its begin, as the general writer has it.
  const body = text.slice(0, length).replace(/\n(?!\n)/g, line);
  return `|${chomping}${line}${body}${'\n'.repeat(Math.max(0, ends - 1))}`;
}
