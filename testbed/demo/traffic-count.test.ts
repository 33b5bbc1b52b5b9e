import { describe, expect, it } from 'vitest';

import type { Answer } from '../mesh/constant-load.ts';
import { isSharedBy, SHARE_OF_LAST, TrafficCount, type CallerCount } from './traffic-count.ts';

const FRONTEND = 'spiffe://cluster.local/ns/shop/sa/frontend';
const answer = (part: Partial<Answer>): Answer => ({ status: 200, name: 'v1', identity: FRONTEND, error: '', ...part });
const count = (...answers: Answer[]): CallerCount => {
  const traffic = new TrafficCount('shop/frontend');
  answers.forEach((one) => traffic.add(one));
  return traffic.view();
};
const times = (number: number, one: Answer): Answer[] => Array.from({ length: number }, () => one);

describe('TrafficCount', () => {
  it('counts answers by server and by the identity that it saw', () => {
    const { routes, answered, refused } = count(
      answer({ name: 'v2' }),
      ...times(2, answer({})),
      answer({ identity: '' }),
    );
    expect({ answered, refused }).toEqual({ answered: 4, refused: 0 });
    expect(routes).toEqual([
      { server: 'v1', identity: '', answered: 1, share: 0.25 },
      { server: 'v1', identity: FRONTEND, answered: 2, share: 0.5 },
      { server: 'v2', identity: FRONTEND, answered: 1, share: 0.25 },
    ]);
  });

  it('shares out the last answers only, so that a change shows', () => {
    const { routes } = count(...times(1000, answer({})), ...times(SHARE_OF_LAST, answer({ name: 'v2' })));
    expect(routes.map(({ answered, share }) => [answered, share])).toEqual([
      [1000, 0],
      [SHARE_OF_LAST, 1],
    ]);
  });

  it.each<[string, Partial<Answer>, string]>([
    ['a reset connection', { status: 0, name: '', error: 'read: read: connection reset by peer' }, 'connection reset'],
    [
      'a closed port',
      { status: 0, name: '', error: 'dial: connect: connection refused' },
      'connect: connection refused',
    ],
    ['a status of refusal', { status: 403, name: '' }, 'status 403'],
    ['a status of trouble', { status: 503, name: 'v1' }, 'status 503'],
  ])('counts %s as refused, and says why', (_, part, reason) => {
    expect(count(answer(part))).toMatchObject({ answered: 0, refused: 1, reason, routes: [] });
  });

  it('knows how the last requests ended', () => {
    const refusal = answer({ status: 403 });
    expect(count().streak.count).toBe(0);
    expect(count(answer({}), refusal, refusal).streak).toEqual({ outcome: 'refused', count: 2 });
    expect(count(refusal, answer({})).streak).toEqual({ outcome: 'answered', count: 1 });
  });
});

describe('isSharedBy', () => {
  const weights = { v1: 90, v2: 10 };
  const shared = (v1: number, v2: number): CallerCount =>
    count(...times(v1, answer({})), ...times(v2, answer({ name: 'v2' })));

  it.each([
    ['exactly', 180, 20, true],
    ['nearly', 172, 28, true],
    ['as if there were no weights', 100, 100, false],
    ['to one server', 200, 0, false],
    ['rightly, but of too few requests', 90, 10, false],
  ])('judges requests that are shared %s', (_, v1, v2, verdict) => {
    expect(isSharedBy(shared(v1, v2), weights)).toBe(verdict);
  });
});
