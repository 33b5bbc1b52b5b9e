import { describe, expect, it } from 'vitest';
import {
  computeRepairWait,
  computeTimeToEnd,
  countRepair,
  describeContest,
  isContested,
  type Change,
  type Contest,
} from './contention.ts';

const REF = { apiVersion: 'v1', kind: 'Service', namespace: 'ns', name: 'istiod' };
const RIVAL: Change = { fields: ['.spec.type'], managers: ['rival'] };
const MINUTE = 60_000;

/** Repairs `change` as soon as it may be for so long, with an opponent who answers at once. */
function fight(change: Change, forMs: number): { contest: Contest; repairedAt: number[] } {
  const repairedAt = [0];
  let contest = countRepair(undefined, REF, change, 0);
  for (;;) {
    const now = contest.repairedAt + Math.max(computeRepairWait(contest, change, contest.repairedAt), 1);
    if (now > forMs) return { contest, repairedAt };
    contest = countRepair(contest, REF, change, now);
    repairedAt.push(now);
  }
}

describe('a fight', () => {
  it('is slowed down more and more, and never given up', () => {
    const { contest, repairedAt } = fight(RIVAL, 60 * MINUTE);
    expect(isContested(contest)).toBe(true);
    expect(repairedAt.length).toBeLessThan(25);
    const pauses = repairedAt.slice(1).map((at, index) => at - (repairedAt[index] ?? 0));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBe(5 * MINUTE);
  });

  it.each<[what: string, change: Change, wait: number]>([
    ['the same fields', RIVAL, 5_000],
    ['some of the same fields', { fields: ['.spec.type', '.spec.ports'], managers: ['other'] }, 5_000],
    ['other fields', { fields: ['.metadata.labels'], managers: ['rival'] }, 0],
    ['a deletion', { fields: [], managers: [] }, 0],
  ])('has begun: %s', (_what, change, wait) => {
    const contest = [0, 1, 2].reduce<Contest | undefined>(
      (before, at) => countRepair(before, REF, RIVAL, at),
      undefined,
    );
    expect(computeRepairWait(contest, change, 2)).toBe(wait);
  });

  it('is not made of repairs that lie far apart', () => {
    let contest = countRepair(undefined, REF, RIVAL, 0);
    for (let hour = 1; hour < 24; hour += 1) {
      contest = countRepair(contest, REF, RIVAL, hour * 60 * MINUTE);
      expect(computeRepairWait(contest, RIVAL, contest.repairedAt)).toBe(0);
    }
    expect(isContested(contest)).toBe(false);
  });

  it('ends when nothing was changed back for a while, and not while a change waits for its repair', () => {
    const { contest } = fight(RIVAL, 30_000);
    const { repairedAt } = contest;
    expect(computeTimeToEnd(contest, repairedAt + MINUTE - 1)).toBe(1);
    expect(computeTimeToEnd(contest, repairedAt + MINUTE)).toBe(0);
    expect(computeTimeToEnd({ ...contest, seenAt: repairedAt + 4_000 }, repairedAt + MINUTE)).toBe(4_000);
  });

  it('is told with manager, object and fields, in words that stay the same', () => {
    const early = describeContest(fight(RIVAL, 1 * MINUTE).contest);
    expect(early).toContain('Service ns/istiod: "rival" changes .spec.type back');
    expect(describeContest(fight(RIVAL, 20 * MINUTE).contest)).toBe(early);
    expect(describeContest(fight({ fields: [], managers: [] }, MINUTE).contest)).toContain('somebody deletes it');
  });
});
