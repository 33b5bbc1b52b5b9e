import type { Kind } from './kinds.ts';
import { fullName, type Resource } from './resource.ts';

/** A name that may carry its namespace. */
export interface Reference {
  namespace: string;
  name: string;
}

/** `ns/name`, or a bare name in the given namespace. */
export function parseReference(text: string, namespace: string): Reference {
  const slash = text.indexOf('/');
  return slash < 0 ? { namespace, name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** When a certificate is valid, in milliseconds since 1970. */
export interface Validity {
  notBefore: number;
  notAfter: number;
}

/** What analysis needs from outside: the time, and a reader of X.509 certificates (nothing for bytes that are none). */
export interface Surroundings {
  now: number;
  readCertificate: (pem: string) => Validity | undefined;
}

/** Everything that is analyzed together, indexed by kind and name. */
export class World {
  readonly surroundings: Surroundings;
  readonly #byKind = new Map<Kind, Resource[]>();
  readonly #byName = new Map<string, Resource>();
  readonly #namespaced = new Map<string, Resource[]>();

  constructor(resources: Iterable<Resource>, surroundings: Surroundings) {
    this.surroundings = surroundings;
    for (const resource of resources) {
      append(this.#byKind, resource.kind, resource);
      append(this.#namespaced, `${resource.kind} ${resource.namespace}`, resource);
      const key = `${resource.kind} ${fullName(resource)}`;
      // Files come first and describe what is about to be applied: the first one counts.
      if (!this.#byName.has(key)) this.#byName.set(key, resource);
    }
  }

  /** All resources of a kind, in the order in which they were read. */
  list(kind: Kind): readonly Resource[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** The resources of a kind in one namespace. */
  listIn(kind: Kind, namespace: string): readonly Resource[] {
    return this.#namespaced.get(`${kind} ${namespace}`) ?? [];
  }

  find(kind: Kind, reference: Reference): Resource | undefined {
    return this.#byName.get(`${kind} ${fullName(reference)}`);
  }
}

function append<K>(map: Map<K, Resource[]>, key: K, resource: Resource): void {
  const list = map.get(key);
  if (list) list.push(resource);
  else map.set(key, [resource]);
}
