import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import type { StepPhase } from '../steps/step-plan.ts';
import { findPolicy } from './find-policy.ts';
import { isBack, judgeMode, levelOf, type ModeView } from './judge-mode.ts';
import { judgeFindings, judgePods } from './judge-pods.ts';
import type { SetMode } from './modes.ts';

const view = (live: SetMode, more: Partial<ModeView> = {}): ModeView => ({
  live,
  before: 'UNSET',
  inherited: 'PERMISSIVE',
  owner: 'kubectl',
  ...more,
});

describe('what the policy says before STRICT', () => {
  it.each<[string, Partial<ModeView>, SetMode]>([
    ['is left where plain text is taken by inheritance', {}, 'UNSET'],
    ['is left where it says so itself', { before: 'PERMISSIVE' }, 'PERMISSIVE'],
    ['is set where the mesh is STRICT', { inherited: 'STRICT' }, 'PERMISSIVE'],
    ['is set where it is turned off', { before: 'DISABLE' }, 'PERMISSIVE'],
  ])('%s', (_, more, expected) => {
    expect(levelOf(view('UNSET', more), 0)).toBe(expected);
    expect(levelOf(view('UNSET', more), 1)).toBe('STRICT');
  });
});

describe('the mode', () => {
  it.each<[string, SetMode, StepPhase, number, 'good' | 'unknown']>([
    ['of before', 'UNSET', 'Waiting', 0, 'good'],
    ['about to become STRICT', 'UNSET', 'Acting', 1, 'good'],
    ['STRICT', 'STRICT', 'Soaking', 1, 'good'],
    ['set back by somebody', 'UNSET', 'Soaking', 1, 'unknown'],
    ['STRICT before its time', 'STRICT', 'Soaking', 0, 'unknown'],
  ])('%s', (_, live, phase, step, result) => {
    expect(judgeMode(view(live), { phase, step }).result).toBe(result);
  });

  it('is back at what it was, and where somebody else wants another', () => {
    expect([isBack(view('UNSET')), isBack(view('STRICT')), isBack(view('DISABLE'))]).toEqual([true, false, true]);
  });
});

const policy = (name: string, spec: object, createdAt = '2026-01-01T00:00:00Z'): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name, namespace: 'shop', creationTimestamp: createdAt },
  spec,
});
const forWeb = { selector: { matchLabels: { app: 'web' } } };

describe('the policy', () => {
  it.each<[string, KubeObject[], 'namespace' | 'workload', object]>([
    ['is to be made', [], 'namespace', { name: 'default', live: undefined, mode: 'UNSET' }],
    [
      'of the namespace',
      [policy('a', forWeb), policy('b', { mtls: { mode: 'STRICT' } })],
      'namespace',
      { name: 'b', mode: 'STRICT' },
    ],
    [
      'is the oldest',
      [policy('a', {}, '2026-02-01T00:00:00Z'), policy('b', {})],
      'namespace',
      { name: 'b', mode: 'UNSET' },
    ],
    ['of the workload', [policy('a', forWeb), policy('default', {})], 'workload', { name: 'a' }],
    ['of the workload is to be made', [policy('default', {})], 'workload', { name: 'own', live: undefined }],
  ])('%s', (_, policies, kind, expected) => {
    const scope = kind === 'workload' ? { kind, labels: { app: 'web' } } : { kind };
    expect(findPolicy(policies, scope, 'own')).toMatchObject({ ok: true, policy: expected });
  });

  it('is not taken for another by its name', () => {
    expect(findPolicy([policy('default', forWeb)], { kind: 'namespace' }, 'own')).toEqual({
      ok: false,
      text: 'PeerAuthentication default is there, and is for something else: rename it',
    });
  });
});

describe('pods under STRICT', () => {
  const since = Date.parse('2026-01-01T12:00:00Z');
  const pod = (made: string, status: string, changed: string, more: object = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', creationTimestamp: made, ...more },
    status: { conditions: [{ type: 'Ready', status, lastTransitionTime: changed }] },
  });
  const [early, late] = ['2026-01-01T11:00:00Z', '2026-01-01T12:01:00Z'];
  it.each<[string, KubeObject, 'good' | 'bad']>([
    ['that stay ready', pod(early, 'True', early), 'good'],
    ['that lost it', pod(early, 'False', late), 'bad'],
    ['that never had it', pod(early, 'False', early), 'good'],
    ['that came later', pod(late, 'False', late), 'good'],
    ['that are on their way out', pod(early, 'False', late, { deletionTimestamp: late }), 'good'],
  ])('%s', (_, each, result) => {
    expect(judgePods([each], since).result).toBe(result);
  });

  it('are cut off when somebody without a proxy comes', () => {
    const finding = { reason: 'PodsWithoutProxy', names: ['shop/batch'] } as const;
    expect(judgeFindings([{ ...finding, blocks: true }])).toMatchObject({
      result: 'bad',
      text: 'PodsWithoutProxy (shop/batch)',
    });
    expect(judgeFindings([{ ...finding, blocks: false }]).result).toBe('good');
  });
});
