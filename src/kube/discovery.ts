import { isJsonObject } from '../core/kube-object.ts';
import { isNotFound } from './errors.ts';
import type { KindRef } from './kube-api.ts';

/** How the API serves a kind. */
export interface ServedKind {
  plural: string;
  namespaced: boolean;
}

/** Asks the API server which kinds a group and version hold, and remembers; a kind it does not know asks again. */
export class Discovery {
  readonly #fetchJson: (path: string) => Promise<unknown>;
  readonly #known = new Map<string, Map<string, ServedKind>>();
  readonly #pending = new Map<string, Promise<Map<string, ServedKind>>>();

  constructor(fetchJson: (path: string) => Promise<unknown>) {
    this.#fetchJson = fetchJson;
  }

  /** Undefined when the API server does not serve the kind now. */
  async fetchKind({ apiVersion, kind }: KindRef): Promise<ServedKind | undefined> {
    const known = this.#known.get(apiVersion)?.get(kind);
    if (known) return known;
    let pending = this.#pending.get(apiVersion);
    if (!pending) {
      pending = this.#fetchGroup(apiVersion).finally(() => this.#pending.delete(apiVersion));
      this.#pending.set(apiVersion, pending);
    }
    return (await pending).get(kind);
  }

  /** Forgets a group and version whose paths turned out to be gone. */
  forget(apiVersion: string): void {
    this.#known.delete(apiVersion);
  }

  async #fetchGroup(apiVersion: string): Promise<Map<string, ServedKind>> {
    try {
      const kinds = decodeResources(await this.#fetchJson(versionPath(apiVersion)));
      this.#known.set(apiVersion, kinds);
      return kinds;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#known.delete(apiVersion);
      return new Map();
    }
  }
}

/** The path below which a group and version live: `/api/v1` or `/apis/apps/v1`. */
export function versionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function decodeResources(answer: unknown): Map<string, ServedKind> {
  const resources = isJsonObject(answer) && Array.isArray(answer['resources']) ? answer['resources'] : [];
  const kinds = new Map<string, ServedKind>();
  for (const resource of resources.filter(isJsonObject)) {
    const { name, kind, namespaced } = resource;
    // Subresources such as deployments/scale stand in the same list.
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/') || kinds.has(kind)) continue;
    kinds.set(kind, { plural: name, namespaced: namespaced === true });
  }
  return kinds;
}
