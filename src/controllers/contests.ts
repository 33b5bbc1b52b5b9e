import {
  computeRepairWait,
  computeTimeToEnd,
  countRepair,
  isContested,
  type Change,
  type Contest,
} from '../core/plan/contention.ts';
import type { ObjectRef } from '../core/kube-object.ts';

/** One field that others keep changing back, for metrics. */
export interface ContestedField {
  manager: string;
  kind: string;
  namespace: string;
  name: string;
  field: string;
}

/** Repairs that others undo, by a key for what is repaired. */
export class Contests {
  readonly #now: () => number;
  readonly #byKey = new Map<string, Contest>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long the repair of a change has to wait because others have undone it before; 0 for not at all. */
  waitOf(key: string, change: Change | undefined): number {
    const contest = this.#byKey.get(key);
    if (!change || !contest) return 0;
    contest.seenAt = this.#now();
    return computeRepairWait(contest, change, contest.seenAt);
  }

  /** The change was repaired; without one, something else was written. */
  note(key: string, ref: ObjectRef, change: Change | undefined): void {
    if (change) this.#byKey.set(key, countRepair(this.#byKey.get(key), ref, change, this.#now()));
    // What is applied because it is to be something else is no repair, and may have ended the fight.
    else this.#byKey.delete(key);
  }

  /** The fights that go on, by key; what is over is forgotten. */
  get open(): ReadonlyMap<string, Contest> {
    const now = this.#now();
    for (const [key, contest] of this.#byKey) if (computeTimeToEnd(contest, now) === 0) this.#byKey.delete(key);
    return new Map([...this.#byKey].filter(([, contest]) => isContested(contest)));
  }

  /** How long until the first of them may be over; undefined while there is none. */
  get nextEndMs(): number | undefined {
    const now = this.#now();
    const ends = [...this.open.values()].map((contest) => computeTimeToEnd(contest, now));
    return ends.length > 0 ? Math.min(...ends) : undefined;
  }

  list(): ContestedField[] {
    return [...this.open.values()].flatMap(({ ref, fields, managers }) => {
      const { kind, namespace = '', name } = ref;
      const [manager = ''] = managers;
      return (fields.length > 0 ? fields.slice(0, 5) : ['']).map((field) => ({
        manager,
        kind,
        namespace,
        name,
        field,
      }));
    });
  }
}
