import { isJsonObject } from '../kube-object.ts';
import type { Json, JsonObject } from '../kube-object.ts';

/** A copy that shares nothing with the original. Keys set to undefined are left out. */
export function cloneJson<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined) copy[key] = cloneJson(item);
  }
  return copy as T;
}

/**
 * Lays `upper` over `base` and changes `base`: maps merge key by key, all else (lists, scalars, null) replaces. Maps
 * that `base` did not have are taken over, not copied: a later change to one shows in the other.
 */
export function mergeInto(base: JsonObject, upper: JsonObject): void {
  for (const key of Object.keys(upper)) {
    const above = upper[key];
    if (above === undefined) continue;
    const below = base[key];
    if (isJsonObject(above) && isJsonObject(below)) mergeInto(below, above);
    else base[key] = above;
  }
}
