import type { Json, JsonObject } from './kube-object.ts';

/** What was made of a value that lasts: that is made once, and lasts too. */
export class Made {
  /** Makers and what each made, in pairs: there are two or three. */
  readonly #results: unknown[] = [];
  #text: string | undefined;

  /** What was made by that maker, which never makes nothing. */
  get(by: unknown): unknown {
    const results = this.#results;
    for (let i = 0; i < results.length; i += 2) if (results[i] === by) return results[i + 1];
    return undefined;
  }

  set<T extends Json>(by: unknown, result: T): T {
    this.#results.push(by, lasting(result));
    return result;
  }

  textOf(value: Json): string {
    return (this.#text ??= JSON.stringify(value));
  }
}

const all = new WeakMap<object, Made>();
/** From a list of containers over a container and one of its lists to an element of that. */
const DEPTH = 3;

/**
 * Declares that a value, down to the elements of the lists in a list, is the same object for many pods and is never
 * changed: what is made of it is kept beside it for as long as it lasts itself. To be called for few: what is kept
 * longer than an injection costs the garbage collector.
 */
export function lasting<T extends Json>(value: T, depth = DEPTH): T {
  if (typeof value !== 'object' || value === null || all.has(value)) return value;
  all.set(value, new Made());
  if (depth > 0) for (const item of Object.values(value as JsonObject)) lasting(item ?? null, depth - 1);
  return value;
}

/** What was made of a value; undefined for one that does not last. */
export function madeOf(value: object): Made | undefined {
  return all.get(value);
}
