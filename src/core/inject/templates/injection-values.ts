import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import { InjectionError } from '../template-context.ts';

/** A group of values; absent counts as empty. @throws InjectionError when something else stands there. */
export function valuesSection(values: JsonObject, name: string, path: string): JsonObject {
  const value = values[name];
  if (value === undefined) return {};
  if (isJsonObject(value)) return value;
  throw new InjectionError(`values.${path}: must be an object, got ${JSON.stringify(value)}`);
}

/** Go's truth: false, 0, null, empty text and empty collections are false. */
export function isTruthy(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Whether a value is that text. @throws InjectionError for a value that cannot be compared with text. */
export function equalsText(value: Json | undefined, text: string, path: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return value === text;
  throw new InjectionError(`values.${path}: must be text, got ${JSON.stringify(value)}`);
}

/** The value without nulls; undefined when nothing is left. A value that holds none is returned as it is. */
export function withoutNulls(value: Json | undefined): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (!hasNull(value)) return value;
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const kept: JsonObject = {};
  for (const [key, item] of Object.entries(value as JsonObject)) {
    const clean = withoutNulls(item);
    if (clean !== undefined) kept[key] = clean;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

function hasNull(value: Json | undefined): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.some(hasNull);
  return isJsonObject(value) && Object.values(value).some(hasNull);
}
