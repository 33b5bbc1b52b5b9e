import { parse } from 'yaml';
import { isJsonObject } from '../../src/core/kube-object.ts';
import type { Json, JsonObject } from '../../src/core/kube-object.ts';
import { groupOf } from '../../src/core/kube-object.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))([numkMGTPE]|[KMGTPE]i|)$/;
const QUANTITY_MAPS = new Set(['requests', 'limits', 'hard', 'default', 'defaultRequest', 'max', 'min', 'capacity']);
const QUANTITY_FIELDS = new Set(['divisor', 'sizeLimit', 'averageValue']);

function quantity(value: Json | undefined): number | undefined {
  const match = QUANTITY.exec(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '');
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? NaN) : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Null, empty maps and empty lists count as absent. */
export function pruned(value: Json | undefined): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => pruned(item) ?? null);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const rest = pruned(item);
    return rest === undefined ? [] : [[key, rest]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** A ConfigMap's text as the map or list that it holds. */
function structured(text: Json | undefined): Json | undefined {
  if (typeof text !== 'string' || !/^\s*([{[]|- )|\n|^[\w."'-]+:(\s|$)/.test(text)) return text;
  try {
    const parsed: unknown = parse(text, { version: '1.1', logLevel: 'silent' });
    return typeof parsed === 'object' && parsed !== null ? (parsed as Json) : text;
  } catch {
    return text;
  }
}

/** The objects by group, kind, namespace and name, in the form in which they are compared. CRDs are left out. */
export function comparable(objects: readonly JsonObject[]): Map<string, JsonObject> {
  const result = new Map<string, JsonObject>();
  for (const object of objects) {
    const { kind, apiVersion, metadata } = object as { kind?: string; apiVersion?: string; metadata?: JsonObject };
    if (kind === 'CustomResourceDefinition') continue;
    const name = textOf(metadata?.['name']);
    const base = [groupOf(apiVersion ?? ''), kind, textOf(metadata?.['namespace']), name].join('/');
    let key = base;
    for (let n = 2; result.has(key); n += 1) key = `${base}#${n}`;
    result.set(key, (pruned(kind === 'ConfigMap' ? withStructure(object, name) : object) ?? {}) as JsonObject);
  }
  return result;
}

function withStructure(object: JsonObject, name: string): JsonObject {
  const data = object['data'];
  if (!isJsonObject(data)) return object;
  // The injector's templates are our own text: their meaning is tested where they are used.
  const entries = Object.entries(data).filter(
    ([key]) => key !== 'config' || !name.startsWith('istio-sidecar-injector'),
  );
  return { ...object, data: Object.fromEntries(entries.map(([key, text]) => [key, structured(text)])) };
}

function same(expected: Json | undefined, actual: Json | undefined, path: readonly string[]): boolean {
  if (expected === actual) return true;
  const [parent, field] = path.slice(-2);
  if (!QUANTITY_MAPS.has(parent ?? '') && !QUANTITY_FIELDS.has(field ?? '')) return false;
  const wanted = quantity(expected);
  return wanted !== undefined && wanted === quantity(actual);
}

/** The first difference as `path: expected X, got Y`; undefined when equal. */
export function firstDifference(
  expected: Json | undefined,
  actual: Json | undefined,
  path: readonly string[] = [],
): string | undefined {
  const bothLists = Array.isArray(expected) && Array.isArray(actual);
  if (!bothLists && !(isJsonObject(expected) && isJsonObject(actual))) {
    if (same(expected, actual, path)) return undefined;
    return `${path.join('.')}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
  }
  const [left, right] = [expected as JsonObject, actual as JsonObject];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const difference = firstDifference(left[key], right[key], [...path, key]);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
