import type { Json, JsonObject } from './kube-object.ts';
import { madeOf } from './lasting-values.ts';

/** A list of containers, a container, one of its lists, an element of it. */
const DEPTH = 4;

/**
 * The JSON text of a value as `JSON.stringify` writes it. The text of a part that lasts is written once; such parts are
 * looked for where the containers of a pod have them.
 */
export function jsonText(value: Json): string {
  return textOf(value, DEPTH);
}

function textOf(value: Json, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const made = madeOf(value);
  if (made) return made.textOf(value);
  if (depth === 0 || !hasParts(value)) return JSON.stringify(value);
  return Array.isArray(value) ? listText(value, depth) : objectText(value, depth);
}

/** Whether something in it may last; elements of a list are looked at themselves. */
function hasParts(value: Json[] | JsonObject): boolean {
  if (Array.isArray(value)) return typeof value[0] === 'object';
  for (const key in value) {
    const item = value[key];
    if (typeof item === 'object' && item !== null && (Array.isArray(item) || madeOf(item))) return true;
  }
  return false;
}

function listText(list: readonly Json[], depth: number): string {
  return `[${list.map((item) => textOf(item, depth - 1)).join(',')}]`;
}

function objectText(value: JsonObject, depth: number): string {
  const fields: string[] = [];
  for (const key in value) {
    const item = value[key];
    if (item !== undefined) fields.push(`${JSON.stringify(key)}:${textOf(item, depth - 1)}`);
  }
  return `{${fields.join(',')}}`;
}
