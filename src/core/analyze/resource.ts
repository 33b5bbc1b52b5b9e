import type { JsonObject } from '../kube-object.ts';
import type { Kind } from './kinds.ts';

/** Where a resource was read: a file with the line of its document, or a cluster of a mesh of several. */
export interface Origin {
  file?: string;
  line?: number;
  cluster?: string;
  /** Read nowhere: stands for what an installation usually has. It is looked up, and never shown or judged. */
  implied?: true;
}

/** One resource that analysis looks at. Cluster-scoped ones have an empty namespace. */
export interface Resource {
  kind: Kind;
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** The spec, with canonical field names for Istio's kinds; the whole object for kinds without one, such as Secret. */
  spec: JsonObject;
  status: JsonObject | undefined;
  /** When the API server stored it first, in RFC 3339: of two for the same, Istio takes the older one. */
  createdAt?: string;
  origin: Origin;
}

/** What names a resource among all: two of one identity are versions of the same object. */
export function identityOf(resource: Resource): string {
  return [resource.origin.cluster ?? '', resource.kind, resource.namespace, resource.name].join(' ');
}

/** `namespace/name`, or the name alone where there is no namespace: how messages and other resources refer to it. */
export function fullName(resource: Pick<Resource, 'name' | 'namespace'>): string {
  return resource.namespace === '' ? resource.name : `${resource.namespace}/${resource.name}`;
}

/** Sorts resources as Istio does before it takes the first: the oldest first, then by name. */
export function compareAges(a: Resource, b: Resource): number {
  const [x, y] = [a, b].map(({ createdAt = '', name, namespace }) => `${createdAt}\n${name}\n${namespace}`);
  return x === y ? 0 : (x ?? '') < (y ?? '') ? -1 : 1;
}

/** `VirtualService shop/reviews`: how messages name a resource for people. */
export function friendlyName(resource: Resource): string {
  return `${resource.kind.slice(resource.kind.indexOf('/') + 1)} ${fullName(resource)}`;
}

/** `pod shop/web`; one that is implied has no name. */
export function podText(pod: Resource): string {
  return pod.origin.implied ? 'the pods of the ingress gateway' : `pod ${fullName(pod)}`;
}

/**
 * The spec in the terms of its kind. The caller names the type that belongs to the kind: resources enter the world
 * decoded, so every field is absent or has its type.
 */
export function specAs<Spec>(resource: Resource): Spec {
  return resource.spec as unknown as Spec;
}
