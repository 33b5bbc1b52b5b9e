import { isJsonObject } from '../core/kube-object.ts';
import { ApiError, CLIENT_REASONS, isNotFound } from './errors.ts';
import type { KindRef } from './kube-api.ts';

/** How the API serves a kind. */
export interface ServedKind {
  plural: string;
  namespaced: boolean;
}

/**
 * Asks the API server which kinds a group and version hold, and remembers; a kind it does not know asks again. That a
 * kind is not served is believed only where the list of groups agrees: an aggregated API that is down, a proxy or an API
 * server that just starts answers 404 too, and whoever took that for "no such objects" would forget what it installed.
 */
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
    const path = versionPath(apiVersion);
    const answer = await this.#fetchOrAbsent(path);
    if (answer === undefined) {
      this.#known.delete(apiVersion);
      await this.#confirmAbsence(apiVersion);
      return new Map();
    }
    const kinds = decodeResources(answer);
    if (!kinds) throw doubtful(`GET ${path}: the answer is no list of resources`);
    this.#known.set(apiVersion, kinds);
    return kinds;
  }

  async #fetchOrAbsent(path: string): Promise<unknown> {
    try {
      return await this.#fetchJson(path);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** @throws ApiError unless the API server's list of groups says as well that the group and version are not there. */
  async #confirmAbsence(apiVersion: string): Promise<void> {
    const path = versionPath(apiVersion);
    if (!apiVersion.includes('/')) throw doubtful(`GET ${path}: not found, though every API server serves it`);
    const served = decodeVersions(await this.#fetchOrAbsent('/apis'));
    if (!served?.has(ALWAYS_SERVED)) throw doubtful(`GET ${path}: not found, and the list of API groups is broken`);
    if (served.has(apiVersion)) throw doubtful(`GET ${path}: not found, though it is in the list of API groups`);
  }
}

/** The path below which a group and version live: `/api/v1` or `/apis/apps/v1`. */
export function versionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** A list of groups without it is no list of groups. */
const ALWAYS_SERVED = 'apps/v1';

/** What cannot be true now; the next try may show what is. */
function doubtful(message: string): ApiError {
  return new ApiError({ status: 0, reason: CLIENT_REASONS.discoveryFailed, message });
}

/** Every `group/version` of a list of groups. */
function decodeVersions(answer: unknown): ReadonlySet<unknown> | undefined {
  const groups = isJsonObject(answer) ? answer['groups'] : undefined;
  if (!Array.isArray(groups)) return undefined;
  const versions = groups
    .filter(isJsonObject)
    .flatMap((group) => (Array.isArray(group['versions']) ? group['versions'] : []));
  return new Set(versions.filter(isJsonObject).map(({ groupVersion }) => groupVersion));
}

function decodeResources(answer: unknown): Map<string, ServedKind> | undefined {
  const resources = isJsonObject(answer) ? answer['resources'] : undefined;
  // A group without any resource is not served at all, hence not answered like this.
  if (!Array.isArray(resources) || resources.length === 0) return undefined;
  const kinds = new Map<string, ServedKind>();
  for (const resource of resources.filter(isJsonObject)) {
    const { name, kind, namespaced } = resource;
    // Subresources such as deployments/scale stand in the same list.
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/') || kinds.has(kind)) continue;
    kinds.set(kind, { plural: name, namespaced: namespaced === true });
  }
  return kinds;
}
