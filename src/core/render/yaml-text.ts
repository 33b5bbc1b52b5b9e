import { stringify } from 'yaml';
import { isJsonObject, type Json } from '../kube-object.ts';
import { hasEntries, toListText, toMapText } from './manifest-text.ts';

/**
 * YAML for a ConfigMap's key: sorted keys, and text quoted wherever YAML 1.1 readers would type it. Usual values are
 * written without the library, to the same text: to load it takes longer than to render a control plane.
 */
export function toYamlText(value: Json | object): string {
  if (isJsonObject(value) && hasEntries(value) && isUsual(value)) return toMapText(value);
  if (Array.isArray(value) && value.length > 0 && isUsual(value)) return toListText(value);
  return stringify(value, {
    version: '1.1',
    sortMapEntries: true,
    lineWidth: 0,
    indentSeq: false,
    aliasDuplicateObjects: false,
  }).trimEnd();
}

/** Text that stays as it is, unless it is a word such as `on`. */
const PLAIN_TEXT = /^[A-Za-z_/][\w./-]*(:[\w./-]+)*$/;
/** What keeps lines of text from being held as they are, in a block that needs no more than `|` or `|-`. */
const NO_BLOCK = /^\n*(?: |$)|[^\n -~]| \n|\n\n$| $/;

/** Whether both writers make the same of it. */
function isUsual(value: Json | undefined): boolean {
  if (typeof value === 'string') {
    return PLAIN_TEXT.test(value) || (value.includes('\n') && !NO_BLOCK.test(value));
  }
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isUsual(item));
  if (!isJsonObject(value)) return true;
  return Object.entries(value).every(([key, item]) => PLAIN_TEXT.test(key) && isUsual(item));
}

/** JSON with sorted keys and two blanks of indentation, as Go's encoder escapes it. */
export function toPrettyJson(value: Json | undefined): string {
  return JSON.stringify(sorted(value ?? null), null, 2).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
