import type { AdmissionRoute } from './admission-handler.ts';

/** Finds the route of a path: the longest one that is the path or a folder above it. */
export class AdmissionRouter {
  readonly #routes: readonly AdmissionRoute[];

  constructor(routes: readonly AdmissionRoute[]) {
    this.#routes = [...routes].sort((a, b) => b.path.length - a.path.length);
  }

  get routes(): readonly AdmissionRoute[] {
    return this.#routes;
  }

  find(path: string): AdmissionRoute | undefined {
    for (const route of this.#routes) {
      if (!path.startsWith(route.path)) continue;
      if (path.length === route.path.length || path.charCodeAt(route.path.length) === SLASH) return route;
    }
    return undefined;
  }

  /** What handlers wait for. */
  findUnready(): string | undefined {
    const waiting = this.#routes.flatMap(({ path, findUnready }) => {
      const cause = findUnready?.();
      return cause === undefined ? [] : [`${path}: ${cause}`];
    });
    return waiting.length > 0 ? waiting.join('; ') : undefined;
  }
}

const SLASH = '/'.charCodeAt(0);
