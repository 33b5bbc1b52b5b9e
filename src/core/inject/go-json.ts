import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { fieldsOf, type FieldType, type StructName } from './pod-types.ts';

const ESCAPED = /[<>&\u2028\u2029]/g;

/** JSON text as Go's encoding/json writes a map: keys sorted, `<`, `>` and `&` escaped. */
export function goJson(value: Json): string {
  return escapeHtml(JSON.stringify(sorted(value)));
}

/** JSON text as Go writes one of Kubernetes' structs: fields in the struct's order, `<`, `>` and `&` escaped. */
export function goStructJson(value: JsonObject, name: StructName): string {
  return escapeHtml(JSON.stringify(ordered(value, name)));
}

/** Escapes JSON text as Go does, so that it can stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(ESCAPED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort(compareBytes)) {
    const item = value[key];
    if (item !== undefined) result[key] = sorted(item);
  }
  return result;
}

/** A struct's value with its keys in Go's order; keys that the struct does not have are left out, as Go leaves them. */
function ordered(value: JsonObject, name: StructName): JsonObject {
  const result: JsonObject = {};
  for (const [key, { type }] of fieldsOf(name)) {
    const item = value[key];
    if (item !== undefined) result[key] = orderedField(item, type);
  }
  return result;
}

function orderedField(value: Json, type: FieldType): Json {
  if (type.kind === 'struct') return isJsonObject(value) ? ordered(value, type.name) : value;
  if (type.kind === 'list') return Array.isArray(value) ? value.map((item) => orderedField(item, type.of)) : value;
  return type.kind === 'map' ? sorted(value) : value;
}

/** Go's order of strings: by bytes of UTF-8, which is by code point. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return (a.codePointAt(i) ?? 0) < (b.codePointAt(i) ?? 0) ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}
