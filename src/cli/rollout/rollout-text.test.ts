import { expect, it } from 'vitest';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { describeAll, describeRollout } from '../../core/report/changes.ts';
import { colourWords } from '../shell/colour-words.ts';
import { STAGED_WORDS, stagedText } from '../staged/staged-text.ts';
import { ROLLOUT_COLUMNS } from './rollout-kind.ts';

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

function text(statuses: readonly object[]): string {
  const resources = statuses.map((each, index) => ({
    apiVersion: 'sailwright.dev/v1alpha1',
    kind: 'ProxyRollout',
    metadata: { name: `r${index}`, namespace: 'istio-system' },
    ...each,
  }));
  return stagedText(describeAll(resources, describeRollout), ROLLOUT_COLUMNS, { width: Infinity, now: NOW });
}

it('tells where it stands, since when, and what comes when', () => {
  expect(text([{ status: STATUS }])).toBe(
    [
      'PROXYROLLOUT     PHASE    WAVE             RENEWED  STALE  GOING  BLOCKED  SINCE  NEXT   MESSAGE',
      'istio-system/r0  Soaking  canary (1 of 2)  4 of 30  24     1      12       4m     in 6m  step canary is done; its gates are watched',
      '',
      'GATE        SAYS  WHY',
      'containers  good  8 pods',
      '',
      'UNDER WAY',
      'Deployment shop/web',
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
  expect(shown).toContain('\nPROXYROLLOUT istio-system/r0\nGATE ');
  expect(shown).toContain('\nPROXYROLLOUT istio-system/r1\nGATE ');
});

it('counts all waves when it is done', () => {
  const done = { ...STATUS, phase: 'Done', wave: 'rest', step: 2 };
  expect(text([{ status: done }])).toMatch(/Done +rest \(2 of 2\)/);
});

it('colours what is bad', () => {
  const bad = { ...STATUS, phase: 'Paused', gates: [{ name: 'containers', result: 'bad' as const, message: 'x' }] };
  const shown = colourWords(text([{ status: bad }]), STAGED_WORDS);
  expect(shown).toContain('\u001b[31mPaused\u001b[0m');
  expect(shown).toContain('\u001b[31mbad\u001b[0m');
});
