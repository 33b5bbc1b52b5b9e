import { objectKey, refOf, type KubeObject } from '../core/kube-object.ts';

/** How much of the objects of others is kept, in characters of JSON; in memory it is about three times as much. */
export interface BudgetLimits {
  perObject: number;
  /** Of all objects in one namespace together: nobody can fill the memory that others need. */
  perNamespace: number;
}

const KIB = 1024;

export const DEFAULT_BUDGET: BudgetLimits = { perObject: 256 * KIB, perNamespace: 4096 * KIB };

/** What an object takes of a budget. */
export function shareOf(object: KubeObject): Share {
  return { namespace: object.metadata.namespace ?? '', size: JSON.stringify(object).length };
}

interface Share {
  namespace: string;
  size: number;
}

/** Counts what is kept, for one informer or several together. */
export class MemoryBudget {
  readonly #limits: BudgetLimits;
  readonly #shares = new Map<string, Share>();
  readonly #used = new Map<string, number>();

  constructor(limits: BudgetLimits = DEFAULT_BUDGET) {
    this.#limits = limits;
  }

  /**
   * Counts an object in the place of what was counted under its key, or refuses it with the reason; then nothing is
   * counted under the key any more. An empty namespace, that of cluster-scoped objects, has no limit of its own.
   */
  admit(key: string, share: Share): string | undefined {
    this.release(key);
    const { perObject, perNamespace } = this.#limits;
    if (share.size > perObject) return `it is larger than ${perObject} characters`;
    const used = (this.#used.get(share.namespace) ?? 0) + share.size;
    if (share.namespace !== '' && used > perNamespace) {
      return `with it, namespace ${share.namespace} would take more than ${perNamespace} characters`;
    }
    this.#shares.set(key, share);
    this.#used.set(share.namespace, used);
    return undefined;
  }

  /** As `admit`, by the object itself; false for a refusal. */
  admitObject(object: KubeObject): boolean {
    return this.admit(objectKey(refOf(object)), shareOf(object)) === undefined;
  }

  release(key: string): void {
    const share = this.#shares.get(key);
    if (!share) return;
    this.#shares.delete(key);
    const left = (this.#used.get(share.namespace) ?? 0) - share.size;
    if (left > 0) this.#used.set(share.namespace, left);
    else this.#used.delete(share.namespace);
  }
}
