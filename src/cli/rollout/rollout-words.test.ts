import { describe, expect, it } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { PROXY_ROLLOUT, type ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { ABORT, APPROVE, PAUSE, RESUME, say } from './rollout-words.ts';

const { apiVersion, kind } = PROXY_ROLLOUT;
const READY = { type: 'Ready', status: 'Unknown', lastTransitionTime: '2026-12-01T12:00:00Z', message: '' } as const;

function rollout(namespace: string, status: ProxyRolloutStatus, more: Partial<KubeObject> = {}): KubeObject {
  const waves = [{ name: 'canary' }, { name: 'rest', approval: true }];
  return { apiVersion, kind, metadata: { name: 'r', namespace }, spec: { waves }, status, ...more };
}

async function tell(
  toWord: typeof PAUSE,
  given: readonly KubeObject[],
  more: { namespace?: string; wave?: string } = {},
): Promise<{ said: string; spec: unknown; annotations: Record<string, string>; writes: number }> {
  const api = new FakeKubeApi();
  for (const each of given) api.seed(each);
  const said = await say(api, { name: 'r', namespace: undefined, ...more }, toWord);
  const after = await api.get({ apiVersion, kind, namespace: given[0]?.metadata.namespace ?? '', name: 'r' });
  const { annotations = {} } = after?.metadata ?? {};
  return { said, spec: after?.['spec'], annotations, writes: api.writes.length };
}

const WAITING: ProxyRolloutStatus = {
  phase: 'Waiting',
  wave: 'rest',
  step: 1,
  conditions: [{ ...READY, reason: 'ApprovalRequired' }],
};

it('pauses once', async () => {
  const { spec, said } = await tell(PAUSE, [rollout('a', {})]);
  expect(spec).toMatchObject({ suspend: true, waves: [{ name: 'canary' }, { name: 'rest' }] });
  expect(said).toBe('ProxyRollout a/r begins nothing more until it is resumed\n');
  const again = await tell(PAUSE, [rollout('a', {}, { spec: { suspend: true } })]);
  expect([again.said, again.writes]).toEqual(['ProxyRollout a/r is paused already\n', 0]);
});

describe('resumes', () => {
  it('what a person paused, by the spec alone', async () => {
    const { spec, annotations } = await tell(RESUME, [rollout('a', { phase: 'Acting' }, { spec: { suspend: true } })]);
    expect([spec, annotations]).toEqual([{ suspend: false }, {}]);
  });
  it('what a gate paused, by an annotation with a value of its own', async () => {
    const { annotations } = await tell(RESUME, [rollout('a', { phase: 'Paused' })]);
    expect(Date.parse(annotations['sailwright.dev/resume'] ?? '')).toBeGreaterThan(0);
  });
  it('and writes nothing where nothing is paused', async () => {
    expect(await tell(RESUME, [rollout('a', { phase: 'Acting' })])).toMatchObject({ writes: 0 });
  });
});

describe('approves', () => {
  it('the wave that waits, beside those that were approved before', async () => {
    const before = { metadata: { name: 'r', namespace: 'a', annotations: { 'sailwright.dev/approve': 'canary' } } };
    const { annotations, said } = await tell(APPROVE, [rollout('a', WAITING, before)]);
    expect(annotations['sailwright.dev/approve']).toBe('canary,rest');
    expect(said).toBe('ProxyRollout a/r may begin wave rest\n');
  });
  it('a wave by its name, before its turn', async () => {
    const { annotations } = await tell(APPROVE, [rollout('a', {})], { wave: 'rest' });
    expect(annotations['sailwright.dev/approve']).toBe('rest');
  });
  it('nothing that is not there, or that nobody waits for', async () => {
    await expect(tell(APPROVE, [rollout('a', {})], { wave: 'last' })).rejects.toThrow(
      'a/r has no wave last: there is canary, rest',
    );
    await expect(tell(APPROVE, [rollout('a', {})])).rejects.toThrow('no wave of a/r waits for approval; name one');
  });
});

it('ends, and says what comes of it', async () => {
  const target = { tag: 'prod', revision: 'green', previous: 'blue' };
  const begun = { phase: 'Acting', startedAt: '2026-12-01T12:00:00Z' };
  const { annotations, said } = await tell(ABORT, [rollout('a', { ...begun, target })]);
  expect(annotations['sailwright.dev/abort']).toBe('true');
  expect(said).toBe('ProxyRollout a/r ends, and tag prod goes back to blue\n');
  expect((await tell(ABORT, [rollout('a', begun)])).said).toContain('ends where it is');
  expect((await tell(ABORT, [rollout('a', {})])).said).toContain('ends before it has begun');
});

describe('refuses', () => {
  const kept = { manager: 'argocd-controller', fieldsV1: { 'f:spec': { 'f:suspend': {} } } };
  it.each<[string, KubeObject[], string]>([
    ['a name that is not there', [], 'there is no ProxyRollout r'],
    ['a name that is there twice', [rollout('a', {}), rollout('b', {})], 'there is a/r, b/r: say which by --namespace'],
    ['what has ended', [rollout('a', { phase: 'Done' })], 'a/r has ended (Done), and is never taken up again'],
    [
      'what a tool would put back',
      [rollout('a', {}, { metadata: { name: 'r', namespace: 'a', managedFields: [kept] } })],
      '"argocd-controller" keeps spec.suspend as it is in its source: write true there',
    ],
  ])('%s', async (_, given, message) => {
    await expect(tell(PAUSE, given)).rejects.toThrow(message);
  });
  it('not a name that is there twice, when it is said which', async () => {
    const both = [rollout('a', {}), rollout('b', {})];
    expect((await tell(PAUSE, both, { namespace: 'a' })).writes).toBe(1);
  });
});
