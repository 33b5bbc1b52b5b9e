import { describe, expect, it } from 'vitest';
import { POD_REASONS, type PodReason } from '../../../api/install/pod-reasons.ts';
import type { KubeObject } from '../../kube-object.ts';
import { describeTrouble, explain, rankTroubles } from './describe-trouble.ts';
import { findTemplate, needsReplicaSets } from './pod-template.ts';
import type { PodTrouble } from './pod-trouble.ts';
import { viewPod } from './pod-view.ts';

const trouble = (name: string, reason: PodReason, hash: string, isFailure = true): PodTrouble => ({
  pod: viewPod({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns', labels: { 'pod-template-hash': hash, 'pod-template-generation': hash } },
  }),
  container: 'container discovery',
  reason,
  detail: 'why',
  isFailure,
});
const workload = (kind: string, annotations: Record<string, string>, status: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'w', uid: 'w-uid', annotations },
  status,
});
const replicaSet = (revision: string, hash: string, owner = 'w-uid'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: hash,
    labels: { 'pod-template-hash': hash },
    annotations: { 'deployment.kubernetes.io/revision': revision },
    ownerReferences: [{ uid: owner }],
  },
});
const REVISION = { 'deployment.kubernetes.io/revision': '2' };

describe('which pods are of the wanted version', () => {
  const sets = [replicaSet('2', 'other', 'another'), replicaSet('1', 'old'), replicaSet('2', 'new')];
  const cases: [title: string, workload: KubeObject, value: string | undefined][] = [
    ['those of the ReplicaSet with the revision of the Deployment', workload('Deployment', REVISION), 'new'],
    [
      'unknown where the ReplicaSet is not there yet',
      workload('Deployment', { ...REVISION, [Object.keys(REVISION)[0]!]: '3' }),
      undefined,
    ],
    ['unknown without a revision', workload('Deployment', {}), undefined],
    [
      'those of the generation of a DaemonSet',
      workload('DaemonSet', { 'deprecated.daemonset.template.generation': '7' }),
      '7',
    ],
  ];
  it.each(cases)('%s', (_title, object, value) => {
    expect(findTemplate(object, sets)?.value).toBe(value);
  });

  it('asks for ReplicaSets only while there are pods of two', () => {
    expect(needsReplicaSets(workload('Deployment', {}, { replicas: 2, updatedReplicas: 1 }))).toBe(true);
    expect(needsReplicaSets(workload('Deployment', {}, { replicas: 2, updatedReplicas: 2 }))).toBe(false);
    expect(needsReplicaSets(workload('DaemonSet', {}, { replicas: 2 }))).toBe(false);
  });
});

describe('of several pods', () => {
  const NEW = { name: 'pod-template-hash', value: 'new' };
  const first = (troubles: PodTrouble[]): string =>
    describeTrouble(rankTroubles(troubles, NEW)[0]!).text.split(';')[0]!;
  const cases: [title: string, troubles: PodTrouble[], says: string][] = [
    [
      'that of the new version comes first',
      [trouble('old', 'CrashLoopBackOff', 'old'), trouble('new', 'ImagePullBackOff', 'new')],
      'pod new, container discovery: ImagePullBackOff (why)',
    ],
    [
      'what fails comes before what is slow',
      [trouble('slow', 'ContainerCreating', 'new', false), trouble('fails', 'OOMKilled', 'new')],
      'pod fails, container discovery: OOMKilled (why)',
    ],
    [
      'one that cannot end comes after one that cannot begin',
      [trouble('ends', 'StuckTerminating', 'new'), trouble('begins', 'Unschedulable', 'new')],
      'pod begins, container discovery: Unschedulable (why)',
    ],
    [
      'those with the same are counted',
      [trouble('a', 'OOMKilled', 'new'), trouble('b', 'OOMKilled', 'new'), trouble('c', 'OOMKilled', 'old')],
      'pod a (and 1 more), container discovery: OOMKilled (why)',
    ],
  ];
  it.each(cases)('%s', (_title, troubles, says) => {
    expect(first(troubles)).toBe(says);
  });

  it('one of the former version is no failure', () => {
    const [told] = rankTroubles([trouble('old', 'OOMKilled', 'old')], NEW);
    const { isFailure, text } = describeTrouble(told!);
    expect(isFailure).toBe(false);
    expect(text).toMatch(/^former pod old/);
  });
});

it.each(Object.keys(POD_REASONS) as PodReason[])('%s says what helps, with names instead of placeholders', (reason) => {
  const [told] = rankTroubles([trouble('istiod-1', reason, 'new')], undefined);
  const { text } = describeTrouble(told!);
  expect(text).toMatch(/^pod istiod-1, container discovery: \w+ \(why\); \S+/);
  expect(text).not.toMatch(/NAMESPACE|POD|CONTAINER/);
});

it('keeps the words of others short and on one line', () => {
  expect(explain('FailedCreate', `a\n  b ${'x'.repeat(5_000)}`).length).toBeLessThan(700);
  expect(explain('FailedCreate', 'a\n  b')).toMatch(/^FailedCreate \(a b\); /);
});
