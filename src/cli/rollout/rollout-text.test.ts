import { expect, it } from 'vitest';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { describeRollouts } from '../../core/report/rollouts.ts';
import { rolloutsText } from './rollout-text.ts';

const NOW = Date.parse('2026-12-01T12:04:00Z');
const STATUS: ProxyRolloutStatus = {
  phase: 'Soaking',
  message: 'step canary is done; its gates are watched',
  wave: 'canary',
  step: 0,
  waves: 2,
  since: '2026-12-01T12:00:00Z',
  nextAt: '2026-12-01T12:10:00Z',
  counts: { workloads: 30, current: 5, stale: 24, underWay: 1, renewed: 4, blocked: 12 },
  underWay: [{ kind: 'Deployment', namespace: 'shop', name: 'web' }],
  gates: [{ name: 'containers', result: 'good', message: '8 pods' }],
  blocked: [
    { kind: 'Deployment', namespace: 'shop', name: 'lonely', reason: 'SingleReplica', message: 'its only pod' },
  ],
};

function text(statuses: readonly object[], look: { columns?: number; isColoured?: boolean } = {}): string {
  const resources = statuses.map((each, index) => ({
    apiVersion: 'sailwright.dev/v1alpha1',
    kind: 'ProxyRollout',
    metadata: { name: `r${index}`, namespace: 'istio-system' },
    ...each,
  }));
  return rolloutsText(describeRollouts(resources), { columns: Infinity, isColoured: false, now: NOW, ...look });
}

it('tells where it stands, since when, and what comes when', () => {
  expect(text([{ status: STATUS }])).toBe(
    [
      'PROXYROLLOUT     PHASE    WAVE             SINCE  WORKLOADS  STALE  UNDER WAY  RENEWED  BLOCKED  NEXT   MESSAGE',
      'istio-system/r0  Soaking  canary (1 of 2)  4m     30         24     1          4        12       in 6m  step canary is done; its gates are watched',
      '',
      'UNDER WAY',
      'Deployment shop/web',
      '',
      'GATE        SAYS  WHY',
      'containers  good  8 pods',
      '',
      'BLOCKED                 REASON         WHY',
      'Deployment shop/lonely  SingleReplica  its only pod',
      '',
      '11 more are blocked: sailwright proxies tells of every workload',
      '',
    ].join('\n'),
  );
});

it('says that nobody has looked, and that it is held', () => {
  const shown = text([{ spec: { suspend: true } }]);
  expect(shown).toMatch(/^istio-system\/r0 +Unseen .*no operator has looked at it yet$/m);
  expect(shown).toContain('spec.suspend is true: sailwright rollout resume r0 lets it go on');
});

it('names each when there are several', () => {
  const shown = text([{ status: STATUS }, { status: STATUS }]);
  expect(shown).toContain('\nPROXYROLLOUT istio-system/r0\nUNDER WAY\n');
  expect(shown).toContain('\nPROXYROLLOUT istio-system/r1\nUNDER WAY\n');
});

it('counts all waves when it is done', () => {
  const done = { ...STATUS, phase: 'Done', wave: 'rest', step: 2 };
  expect(text([{ status: done }])).toMatch(/Done +rest \(2 of 2\)/);
});

it('colours what is bad', () => {
  const bad = { ...STATUS, phase: 'Paused', gates: [{ name: 'containers', result: 'bad' as const, message: 'x' }] };
  const shown = text([{ status: bad }], { isColoured: true });
  expect(shown).toContain('\u001b[31mPaused\u001b[0m');
  expect(shown).toContain('\u001b[31mbad\u001b[0m');
});
