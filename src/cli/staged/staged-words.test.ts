import { describe, expect, it } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { TRAFFIC_SHIFT, type TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { PROXY_ROLLOUT } from '../../api/rollout/proxy-rollout.ts';
import { describeShift } from '../../core/report/changes.ts';
import { ROLLOUT_KIND } from '../rollout/rollout-kind.ts';
import { SHIFT_COLUMNS, SHIFT_KIND } from '../shift/shift-kind.ts';
import { ABORT, APPROVE, PAUSE, RESUME, say, type ToWord } from './staged-words.ts';
import { stagedText } from './staged-text.ts';

const { apiVersion, kind } = TRAFFIC_SHIFT;
const NOW = Date.parse('2026-12-01T12:04:00Z');

function shift(namespace: string, status: TrafficShiftStatus, more: object = {}): KubeObject {
  const spec = { route: { name: 'reviews' }, to: { host: 'reviews', subset: 'v2' }, ...more };
  return { apiVersion, kind, metadata: { name: 's', namespace }, spec, status };
}

async function tell(
  toWord: ToWord,
  given: readonly KubeObject[],
  more: { namespace?: string; step?: string } = {},
): Promise<{ said: string; spec: unknown; annotations: Record<string, string>; writes: number }> {
  const api = new FakeKubeApi();
  for (const each of given) api.seed(each);
  const said = await say(api, SHIFT_KIND, { name: 's', toWord, ...more });
  const after = await api.get({ apiVersion, kind, namespace: given[0]?.metadata.namespace ?? '', name: 's' });
  return { said, spec: after?.['spec'], annotations: after?.metadata.annotations ?? {}, writes: api.writes.length };
}

const READY = {
  type: 'Ready',
  status: 'Unknown',
  lastTransitionTime: '',
  message: '',
  reason: 'ApprovalRequired',
} as const;

describe('a word', () => {
  it('pauses once', async () => {
    const { said, spec } = await tell(PAUSE, [shift('a', {})]);
    expect([said, spec]).toEqual([
      'TrafficShift a/s begins nothing more until it is resumed',
      expect.objectContaining({ suspend: true, route: { name: 'reviews' } }),
    ]);
    expect(await tell(PAUSE, [shift('a', {}, { suspend: true })])).toMatchObject({ writes: 0 });
  });

  it('resumes what a person held by the spec, and what a gate stopped by an annotation', async () => {
    const held = await tell(RESUME, [shift('a', { phase: 'Acting' }, { suspend: true })]);
    expect([held.spec, held.annotations]).toEqual([expect.objectContaining({ suspend: false }), {}]);
    const stopped = await tell(RESUME, [shift('a', { phase: 'Paused' })]);
    expect(Date.parse(stopped.annotations['sailwright.dev/resume'] ?? '')).toBeGreaterThan(0);
    expect(await tell(RESUME, [shift('a', { phase: 'Acting' })])).toMatchObject({ writes: 0 });
  });

  it('approves the step that waits, or one by its name, and none that is not there', async () => {
    const waiting = { phase: 'Waiting', step: 2, conditions: [READY] };
    expect((await tell(APPROVE, [shift('a', waiting)])).annotations).toEqual({ 'sailwright.dev/approve': '10' });
    expect((await tell(APPROVE, [shift('a', {})], { step: '50' })).annotations).toEqual({
      'sailwright.dev/approve': '50',
    });
    await expect(tell(APPROVE, [shift('a', {})], { step: '7' })).rejects.toThrow(
      'a/s has no step 7: there is 1, 5, 10',
    );
    await expect(tell(APPROVE, [shift('a', {})])).rejects.toThrow('no step of a/s waits for approval; name one');
  });

  it('ends, and says what comes of it', async () => {
    const begun = await tell(ABORT, [shift('a', { phase: 'Soaking', startedAt: '2026-12-01T12:00:00Z' })]);
    expect(begun.annotations).toEqual({ 'sailwright.dev/abort': 'true' });
    expect(begun.said).toBe('TrafficShift a/s ends, and the weights are set back to those of before');
    expect((await tell(ABORT, [shift('a', {})])).said).toBe('TrafficShift a/s ends before its first step');
  });

  it('to a rollout names its waves, and says where its tag goes', async () => {
    const target = { tag: 'prod', revision: 'green', previous: 'blue' };
    const status = { phase: 'Acting', startedAt: '2026-12-01T12:00:00Z' };
    const spec = { target: { tag: 'prod' }, waves: [{ name: 'canary' }, { name: 'rest', approval: true }] };
    const metadata = { name: 'r', namespace: 'a' };
    const { apiVersion: of, kind: what } = PROXY_ROLLOUT;
    const told = async (toWord: ToWord, now: object, step?: string): Promise<string> => {
      const api = new FakeKubeApi();
      api.seed({ apiVersion: of, kind: what, metadata, spec, status: now });
      return say(api, ROLLOUT_KIND, { name: 'r', toWord, step });
    };
    expect(await told(ABORT, { ...status, target })).toBe('ProxyRollout a/r ends, and tag prod goes back to blue');
    expect(await told(ABORT, status)).toBe('ProxyRollout a/r ends where it is');
    expect(await told(APPROVE, status, 'rest')).toBe('ProxyRollout a/r may begin step rest');
    await expect(told(APPROVE, status, 'last')).rejects.toThrow('a/r has no step last: there is canary, rest');
  });

  it('is for one that is there, is meant, and goes on', async () => {
    await expect(tell(PAUSE, [])).rejects.toThrow('there is no TrafficShift s');
    await expect(tell(PAUSE, [shift('a', {}), shift('b', {})])).rejects.toThrow('a/s, b/s: say which by --namespace');
    expect((await tell(PAUSE, [shift('a', {}), shift('b', {})], { namespace: 'a' })).said).toContain('a/s');
    const ended = { phase: 'Done', step: 5, since: '2026-12-01T12:00:00Z' };
    await expect(tell(ABORT, [shift('a', ended)])).rejects.toThrow('a/s has ended (Done)');
  });

  it('does not write what a tool would put back', async () => {
    const managedFields = [{ manager: 'argocd-controller', fieldsV1: { 'f:spec': { 'f:suspend': {} } } }];
    const kept = shift('a', {});
    const object = { ...kept, metadata: { ...kept.metadata, managedFields } };
    await expect(tell(PAUSE, [object])).rejects.toThrow(
      '"argocd-controller" keeps spec.suspend as it is in its source',
    );
  });
});

it('is told with where it stands, since when, what comes when, what gates say, and who writes', () => {
  const status: TrafficShiftStatus = {
    phase: 'Soaking',
    message: 'step 5 is done; its gates are watched',
    step: 1,
    steps: 5,
    weight: 5,
    target: 5,
    since: '2026-12-01T12:00:00Z',
    nextAt: '2026-12-01T12:10:00Z',
    gates: [{ name: 'errors', result: 'good', message: '0.2' }],
    owner: { manager: 'sailwright-shift', advice: 'tell Argo CD' },
  };
  expect(stagedText([describeShift(shift('shop', status))], SHIFT_COLUMNS, { width: Infinity, now: NOW })).toBe(
    [
      'TRAFFICSHIFT  PHASE    STEP          ROUTE                   WEIGHT  SINCE  NEXT   MESSAGE',
      'shop/s        Soaking  5 % (2 of 5)  VirtualService/reviews  5 %     4m     in 6m  step 5 is done; its gates are watched',
      '',
      'GATE    SAYS  WHY',
      'errors  good  0.2',
      '',
      'the weights were written last by sailwright-shift',
      '',
      'tell Argo CD',
      '',
    ].join('\n'),
  );
  const unseen = stagedText([shift('a', {}, { suspend: true }), shift('b', {})].map(describeShift), SHIFT_COLUMNS, {
    width: Infinity,
    now: NOW,
  });
  expect(unseen).toContain('no operator has looked at it yet');
  expect(unseen).toContain('TRAFFICSHIFT a/s\nspec.suspend is true: sailwright shift resume s lets it go on\n');
});
