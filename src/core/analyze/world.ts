import { DEFAULT_VERSION } from '../istio/registry.ts';
import { releaseOf, type IstioRelease } from '../istio/release.ts';
import { HostTable } from '../validate/rules/host-table.ts';
import type { Kind } from './kinds.ts';
import { mentionsOf } from './mentions.ts';
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
  /** The release of Istio that reads the resources; the usual one when left out. */
  release?: IstioRelease;
}

const USUAL_RELEASE = releaseOf(DEFAULT_VERSION);

/** The release of Istio that reads what is analyzed. */
export function releaseIn({ surroundings }: World): IstioRelease {
  return surroundings.release ?? USUAL_RELEASE;
}

/** Everything that is analyzed together. */
export interface World {
  readonly surroundings: Surroundings;
  /** All resources of a kind, in the order in which they were read. */
  list(kind: Kind): readonly Resource[];
  /** The resources of a kind in one namespace. */
  listIn(kind: Kind, namespace: string): readonly Resource[];
  find(kind: Kind, reference: Reference): Resource | undefined;
  /** The resources of a kind that mention exactly this; see `mentionsOf`. */
  listMentioning(kind: Kind, mention: string): readonly Resource[];
  /** Wildcards that resources of a kind mention and that stand for the host too, longest first. */
  wildcardsOver(kind: Kind, host: string): readonly string[];
  /** What resources of a kind mention that has a name in common with the host, itself included. */
  overlapping(kind: Kind, host: string): readonly string[];
}

/** A world that is held in memory and may change. */
export class MutableWorld implements World {
  readonly surroundings: Surroundings;
  readonly #byKind = new Map<Kind, Resource[]>();
  readonly #byName = new Map<string, Resource[]>();
  readonly #namespaced = new Map<string, Resource[]>();
  /** By kind; made when first asked for. */
  readonly #mentions = new Map<Kind, HostTable<Resource>>();

  constructor(resources: Iterable<Resource>, surroundings: Surroundings) {
    this.surroundings = surroundings;
    for (const resource of resources) this.add(resource);
  }

  add(resource: Resource): void {
    append(this.#byKind, resource.kind, resource);
    append(this.#namespaced, `${resource.kind} ${resource.namespace}`, resource);
    append(this.#byName, `${resource.kind} ${fullName(resource)}`, resource);
    const table = this.#mentions.get(resource.kind);
    if (table) for (const mention of mentionsOf(resource)) table.add(mention, resource);
  }

  remove(resource: Resource): void {
    drop(this.#byKind, resource.kind, resource);
    drop(this.#namespaced, `${resource.kind} ${resource.namespace}`, resource);
    drop(this.#byName, `${resource.kind} ${fullName(resource)}`, resource);
    const table = this.#mentions.get(resource.kind);
    if (table) for (const mention of mentionsOf(resource)) table.remove(mention, resource);
  }

  list(kind: Kind): readonly Resource[] {
    return this.#byKind.get(kind) ?? [];
  }

  listIn(kind: Kind, namespace: string): readonly Resource[] {
    return this.#namespaced.get(`${kind} ${namespace}`) ?? [];
  }

  find(kind: Kind, reference: Reference): Resource | undefined {
    // Files come first and describe what is about to be applied: the first one counts.
    return this.#byName.get(`${kind} ${fullName(reference)}`)?.[0];
  }

  listMentioning(kind: Kind, mention: string): readonly Resource[] {
    return this.#tableOf(kind).named(mention);
  }

  wildcardsOver(kind: Kind, host: string): readonly string[] {
    return this.#tableOf(kind).wildcardsOver(host);
  }

  overlapping(kind: Kind, host: string): readonly string[] {
    return this.#tableOf(kind).overlapping(host);
  }

  #tableOf(kind: Kind): HostTable<Resource> {
    let table = this.#mentions.get(kind);
    if (!table) {
      table = new HostTable<Resource>();
      for (const resource of this.list(kind)) {
        for (const mention of mentionsOf(resource)) table.add(mention, resource);
      }
      this.#mentions.set(kind, table);
    }
    return table;
  }
}

function append<K>(map: Map<K, Resource[]>, key: K, resource: Resource): void {
  const list = map.get(key);
  if (list) list.push(resource);
  else map.set(key, [resource]);
}

function drop<K>(map: Map<K, Resource[]>, key: K, resource: Resource): void {
  const list = map.get(key);
  const at = list?.indexOf(resource) ?? -1;
  if (!list || at < 0) return;
  list.splice(at, 1);
  if (list.length === 0) map.delete(key);
}
