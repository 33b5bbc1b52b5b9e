import type { KubeObject } from '../kube-object.ts';

/** Holds the digest of what was applied last; it travels in the apply itself, so it cannot lag behind. */
export const HASH_ANNOTATION = 'sailwright.dev/applied-hash';

/** A digest of text, such as SHA-256 in hex. Passed in: the core does no I/O. */
export type Digest = (text: string) => string;

/** The JSON of frozen trees, which cannot change: the large schemas of definitions. */
const FROZEN = new WeakMap<object, string>();

/** JSON with sorted keys and without undefined: equal for equal values. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (!Object.isFrozen(value)) return objectJson(value);
  const text = FROZEN.get(value) ?? objectJson(value);
  FROZEN.set(value, text);
  return text;
}

function objectJson(value: object): string {
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${fields.join(',')}}`;
}

export function hashOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[HASH_ANNOTATION];
}

/** The object with the digest of itself. A status never goes into an apply. */
export function withHash(object: KubeObject, digest: Digest): KubeObject {
  const { status: _, ...wanted } = object;
  const hash = digest(canonicalJson(wanted));
  const annotations = { ...object.metadata.annotations, [HASH_ANNOTATION]: hash };
  return { ...wanted, metadata: { ...object.metadata, annotations } };
}
