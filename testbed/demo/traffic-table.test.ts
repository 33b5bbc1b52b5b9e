import { describe, expect, it } from 'vitest';

import { plainText } from './line.ts';
import type { CallerCount } from './traffic-count.ts';
import { renderTraffic, renderTrafficChanges, type TrafficView } from './traffic-table.ts';

const IDENTITY = 'spiffe://cluster.local/ns/shop/sa/frontend';

const frontend: CallerCount = {
  caller: 'shop/frontend',
  answered: 225,
  refused: 0,
  reason: '',
  streak: { outcome: 'answered', count: 225 },
  routes: [
    { server: 'v1', identity: IDENTITY, answered: 203, share: 0.9 },
    { server: 'v2', identity: IDENTITY, answered: 22, share: 0.1 },
  ],
};
const outsider: CallerCount = {
  caller: 'outside/outsider',
  answered: 7,
  refused: 3,
  reason: 'connection reset',
  streak: { outcome: 'refused', count: 3 },
  routes: [{ server: 'v1', identity: '', answered: 7, share: 1 }],
};
const view = (part: Partial<TrafficView> = {}): TrafficView => ({
  seconds: 5.62,
  service: 'reviews',
  serviceIdentity: 'spiffe://cluster.local/ns/shop/sa/reviews',
  note: 'STRICT',
  callers: [frontend, outsider],
  ...part,
});
const rendered = (width: number): string[] => renderTraffic(view(), width).map(plainText);

describe('renderTraffic', () => {
  it('shows who called whom, how often, in what shares, and as whom', () => {
    expect(rendered(119)).toEqual([
      '',
      "CALLER            SERVER      REQUESTS  OF LAST 200  CALLER'S IDENTITY",
      'shop/frontend     reviews v1       203       90.0 %  spiffe://cluster.local/ns/shop/sa/frontend',
      'shop/frontend     reviews v2        22       10.0 %  spiffe://cluster.local/ns/shop/sa/frontend',
      'outside/outsider  reviews v1         7      100.0 %  none: plain text',
      'outside/outsider  reviews            3               refused: connection reset',
      '',
      'reviews is spiffe://cluster.local/ns/shop/sa/reviews',
      '5.6 s  STRICT',
    ]);
  });

  it('fits a terminal of 80 columns, without the trust domain', () => {
    expect(rendered(79)[2]).toBe('shop/frontend     reviews v1       203       90.0 %  .../ns/shop/sa/frontend');
    expect(Math.max(...rendered(79).map((line) => line.length))).toBeLessThan(80);
  });

  it('marks who is refused now, and no longer who was', () => {
    const tones = (callers: CallerCount[]): unknown[] =>
      renderTraffic(view({ callers }), 119).flatMap((line) => line.filter((span) => span[1]?.startsWith('refused: ')));
    expect(tones([outsider])).toEqual([['bad', 'refused: connection reset']]);
    const forgiven = { ...outsider, streak: { outcome: 'answered', count: 1 } } as const;
    expect(tones([forgiven])).toEqual([['quiet', 'refused: connection reset']]);
  });
});

describe('renderTrafficChanges', () => {
  const calm = view({ callers: [frontend] });

  it('tells what is seen for the first time', () => {
    expect(renderTrafficChanges(undefined, calm)).toEqual([
      `   5.6 s  shop/frontend -> reviews v1: answered, by mTLS as ${IDENTITY}`,
      `   5.6 s  shop/frontend -> reviews v2: answered, by mTLS as ${IDENTITY}`,
      '   5.6 s  shop/frontend -> reviews: requests are answered',
    ]);
  });

  it('says nothing when only numbers grew', () => {
    const more = { ...frontend, answered: 300, streak: { outcome: 'answered', count: 300 } } as const;
    expect(renderTrafficChanges(calm, view({ callers: [more], seconds: 9 }))).toEqual([]);
  });

  it('tells when requests are refused from now on, and when they are answered again', () => {
    const refused = view({
      callers: [{ ...frontend, reason: 'status 403', streak: { outcome: 'refused', count: 1 } }],
    });
    expect(renderTrafficChanges(calm, refused)).toEqual(['   5.6 s  shop/frontend -> reviews: refused (status 403)']);
    expect(renderTrafficChanges(refused, calm)).toEqual(['   5.6 s  shop/frontend -> reviews: requests are answered']);
  });

  it('says nothing of who has not called yet', () => {
    const silent = { ...frontend, answered: 0, routes: [], streak: { outcome: 'answered', count: 0 } } as const;
    expect(renderTrafficChanges(undefined, view({ callers: [silent] }))).toEqual([]);
  });
});
