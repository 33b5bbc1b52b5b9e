import { expect, test } from 'vitest';
import { ownerOf } from './pod-owner.ts';
import type { Pod } from './template-context.ts';

function owned(kind: string, name: string, labels: Record<string, string> = {}): Pod {
  const ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'Other', name: 'other' },
    { apiVersion: 'apps/v1', kind, name, controller: true },
  ];
  return { metadata: { generateName: `${name}-`, namespace: 'demo', labels, ownerReferences }, spec: {} };
}

test.each<[string, Pod, string, string, string]>([
  [
    'a Deployment behind its ReplicaSet',
    owned('ReplicaSet', 'web-5d4f', { 'pod-template-hash': '5d4f' }),
    'apps/v1',
    'Deployment',
    'web',
  ],
  [
    'a ReplicaSet of another hash',
    owned('ReplicaSet', 'web-5d4f', { 'pod-template-hash': 'aaaa' }),
    'apps/v1',
    'ReplicaSet',
    'web-5d4f',
  ],
  [
    'an Argo Rollout',
    owned('ReplicaSet', 'web-5d4f', { 'rollouts-pod-template-hash': '5d4f' }),
    'v1alpha1',
    'Rollout',
    'web',
  ],
  [
    'a DeploymentConfig',
    owned('ReplicationController', 'web-1', { deploymentconfig: 'web' }),
    'apps/v1',
    'DeploymentConfig',
    'web',
  ],
  ['a CronJob behind its Job', owned('Job', 'tidy-27812345'), 'batch/v1', 'CronJob', 'tidy'],
  ['a Job with a short number', owned('Job', 'tidy-1234567'), 'apps/v1', 'Job', 'tidy-1234567'],
  ['any other controller', owned('StatefulSet', 'db'), 'apps/v1', 'StatefulSet', 'db'],
])('%s', (_title, pod, apiVersion, kind, name) => {
  expect(ownerOf(pod)).toEqual({ typeMeta: { apiVersion, kind }, deploymentMeta: { name, namespace: 'demo' } });
});

test('a pod that was named by hand is its own owner, whoever controls it', () => {
  const pod = owned('StatefulSet', 'db');
  delete pod.metadata['generateName'];
  pod.metadata.name = 'db-0';
  expect(ownerOf(pod)).toEqual({
    typeMeta: { apiVersion: 'v1', kind: 'Pod' },
    deploymentMeta: { name: 'db-0', namespace: 'demo' },
  });
});
