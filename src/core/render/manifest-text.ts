import { isJsonObject } from '../kube-object.ts';
import type { Json, JsonObject, KubeObject } from '../kube-object.ts';

/** Words that some YAML 1.1 reader takes for a boolean or null. */
const TYPED_WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
/** Text that stays text without quotes: begins like a word or a path and holds nothing that YAML reads as syntax. */
const PLAIN = /^[A-Za-z_/](?:[\w./@+=,;$(){}*&^~<>|?!-]|:(?=[^\s])| (?=[\w./(]))*$/;
/** A long text block: no control characters, and no blank before its first word. */
// eslint-disable-next-line no-control-regex -- the point is to find control characters
const NOT_LITERAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u2028\u2029]|[\ud800-\udfff]|^\n*(?: |$)/;

/**
 * Multi-document YAML with sorted keys. Written here because a manifest holds plain JSON trees only, and the general
 * writer takes longer than all rendering.
 */
export function toManifestText(objects: readonly KubeObject[]): string {
  return (
    objects.map((object) => mapText(object as unknown as JsonObject, '')).join('\n---\n') +
    (objects.length > 0 ? '\n' : '')
  );
}

/** One map of a manifest's kind: plain JSON, sorted keys. */
export function toMapText(map: JsonObject, indent = ''): string {
  return linesOf(map, indent);
}

/** One list of the same, not empty. */
export function toListText(list: Json[]): string {
  return listText(list, '');
}

/** The text of a tree that stands at some depth. */
export interface PlacedText {
  readonly indent: string;
  readonly text: string;
}

/** That of each frozen tree at the depth at which it last stood: the versions of a definition share their schema. */
const FROZEN = new WeakMap<JsonObject, () => PlacedText | undefined>();

/** Takes the text of a frozen tree from who has it already: at its depth the tree is not even read. */
export function keepText(frozen: JsonObject, text: () => PlacedText | undefined): void {
  FROZEN.set(frozen, text);
}

function mapText(map: JsonObject, indent: string): string {
  if (!Object.isFrozen(map)) return linesOf(map, indent);
  const known = FROZEN.get(map)?.();
  if (known?.indent === indent) return known.text;
  const placed = { indent, text: linesOf(map, indent) };
  FROZEN.set(map, () => placed);
  return placed.text;
}

function linesOf(map: JsonObject, indent: string): string {
  const lines: string[] = [];
  for (const key of Object.keys(map).sort()) {
    const value = map[key];
    if (value !== undefined) lines.push(`${indent}${keyText(key)}:${valueText(value, indent)}`);
  }
  return lines.join('\n');
}

/** What follows `key:`. */
function valueText(value: Json, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? ' []' : `\n${listText(value, indent)}`;
  if (isJsonObject(value)) {
    const text = mapText(value, `${indent}  `);
    return text === '' ? ' {}' : `\n${text}`;
  }
  return ` ${leafText(value, `${indent}  `)}`;
}

function listText(list: Json[], indent: string): string {
  const inner = `${indent}  `;
  return list
    .map((item) => {
      if (Array.isArray(item)) return `${indent}-${item.length === 0 ? ' []' : `\n${listText(item, inner)}`}`;
      if (!isJsonObject(item)) return `${indent}- ${leafText(item, inner)}`;
      return `${indent}- ${mapText(item, inner).slice(inner.length) || '{}'}`;
    })
    .join('\n');
}

/** Whether a field of it would be written. */
export function hasEntries(map: JsonObject): boolean {
  return Object.values(map).some((item) => item !== undefined);
}

function leafText(value: null | boolean | number | string, indent: string): string {
  if (typeof value === 'string') return value.includes('\n') ? blockText(value, indent) : scalarText(value);
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** The keys of a manifest are few and come back often. */
const KEYS = new Map<string, string>();

function keyText(key: string): string {
  let text = KEYS.get(key);
  if (text === undefined) {
    text = scalarText(key);
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

function blockText(text: string, indent: string): string {
  if (NOT_LITERAL.test(text)) return JSON.stringify(text);
  const body = text.replace(/\n+$/, '');
  const ends = text.length - body.length;
  const chomping = ends === 0 ? '-' : ends === 1 ? '' : '+';
  // A line break at its begin follows the indentation, as the general writer has it.
  const lines = body.split('\n').map((line, index) => (line === '' && index > 0 ? '' : indent + line));
  return `|${chomping}\n${lines.join('\n')}${'\n'.repeat(Math.max(0, ends - 1))}`;
}
