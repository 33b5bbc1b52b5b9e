import { isEqual } from '../json-equality.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';

/** A field that two parts of pods have differently. */
export interface FieldDifference {
  /** Such as `containers[istio-proxy].env[PROXY_CONFIG].value`. */
  path: string;
  /** What it is; undefined where it is not set. */
  before: Json | undefined;
  /** What it would be; undefined where it would not be set. */
  after: Json | undefined;
}

/** By what the items of a list are told apart, the first that all of them have. */
const KEYS = ['mountPath', 'name', 'containerPort', 'key', 'path'] as const;

/** The fields in which two values differ, as far down as both have the same form. Lists of named items have no order. */
export function listFieldDifferences(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
): FieldDifference[] {
  if (isEqual(before, after)) return [];
  if (isJsonObject(before) && isJsonObject(after)) return inMaps(before, after, (key) => `${path}.${key}`);
  const [old, next] = [byKey(before), byKey(after)];
  if (old && next) return inMaps(old, next, (key) => `${path}[${key}]`);
  return [{ path, before, after }];
}

function inMaps(before: JsonObject, after: JsonObject, pathOf: (key: string) => string): FieldDifference[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => listFieldDifferences(before[key], after[key], pathOf(key)));
}

/** A list as a map; undefined for what is none, or has items without a name or of one name. */
function byKey(list: Json | undefined): JsonObject | undefined {
  if (list === undefined) return {};
  if (!Array.isArray(list) || !list.every(isJsonObject)) return undefined;
  const key = KEYS.find((candidate) => list.every((item) => item[candidate] !== undefined));
  if (key === undefined) return undefined;
  const entries = list.map((item) => [nameIn(item[key]), item] as const);
  const map = Object.fromEntries(entries) as JsonObject;
  return Object.keys(map).length === list.length ? map : undefined;
}

function nameIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
