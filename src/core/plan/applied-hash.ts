import { HASH_ANNOTATION } from '../../api/our-names.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { KubeObject } from '../kube-object.ts';

/** A digest of text, such as SHA-256 in hex. Passed in: the core does no I/O. */
export type Digest = (text: string) => string;

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
