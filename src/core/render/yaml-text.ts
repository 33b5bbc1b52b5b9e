import { stringify } from 'yaml';
import type { Json } from '../kube-object.ts';

/** YAML for a ConfigMap's key: sorted keys, and text quoted wherever YAML 1.1 readers would type it. */
export function toYamlText(value: Json | object): string {
  return stringify(value, {
    version: '1.1',
    sortMapEntries: true,
    lineWidth: 0,
    indentSeq: false,
    aliasDuplicateObjects: false,
  }).trimEnd();
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
