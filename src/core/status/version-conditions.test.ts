import { describe, expect, it } from 'vitest';
import { findRelease } from '../istio/find-release.ts';
import { computeVersionConditions } from './version-conditions.ts';

const AT = { generation: 3, now: '2026-11-28T10:00:00Z' };
const conditionsOf = (release: string, ...variables: string[]): string[] =>
  computeVersionConditions({ release: findRelease(release), variables }, [], AT).map(
    ({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`,
  );

describe('conditions of the version', () => {
  it.each([
    [
      '1.31.4',
      [
        'UpgradeAvailable=False NewestRelease: no newer release than 1.31.4 is known; support of 1.31 ends about February 2027',
      ],
    ],
    [
      '1.31.1',
      ['UpgradeAvailable=True NewerRelease: newer than 1.31.1: 1.31.4; support of 1.31 ends about February 2027'],
    ],
    [
      '1.30.8',
      ['UpgradeAvailable=True NewerRelease: newer than 1.30.8: 1.31.4; support of 1.30 ends about mid December 2026'],
    ],
    [
      '1.30.1',
      [
        'UpgradeAvailable=True NewerRelease: newer than 1.30.1: 1.31.4, 1.30.8; support of 1.30 ends about mid December 2026',
      ],
    ],
  ])('of %s: a preview is nothing to upgrade to', (release, expected) => {
    expect(conditionsOf(release)).toEqual(expected);
  });

  it('name variables in use that an upgrade takes away, not those that stay or are gone already', () => {
    const [upgrade] = conditionsOf(
      '1.30.8',
      'PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY',
      'PILOT_HTTP10',
      'ENABLE_AUTO_SNI',
    );
    expect(upgrade).toBe(
      'UpgradeAvailable=True NewerRelease: newer than 1.30.8: 1.31.4; support of 1.30 ends about mid December 2026; ' +
        '1.31 no longer reads PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY, which is set: gateways always start a span of their own',
    );
    expect(conditionsOf('1.31.1', 'PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY')[0]).not.toContain('no longer reads');
  });

  it('tell of a preview', () => {
    expect(conditionsOf('1.32')[1]).toContain('PreviewVersion=True Preview: Istio 1.32 is a preview');
  });

  it('keep the time of the last change', () => {
    const of = (name: string) => ({ release: findRelease(name), variables: [] });
    const before = computeVersionConditions(of('1.30.1'), [], AT);
    const after = computeVersionConditions(of('1.30.8'), before, {
      generation: 4,
      now: '2026-11-29T10:00:00Z',
    });
    expect(after[0]).toMatchObject({ lastTransitionTime: AT.now, observedGeneration: 4 });
  });
});
