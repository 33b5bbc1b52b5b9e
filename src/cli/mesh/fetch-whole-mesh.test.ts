import { expect, test } from 'vitest';
import { KIND } from '../../core/analyze/kinds.ts';
import { requireKinds } from './fetch-whole-mesh.ts';

const UNREAD = [
  { kind: 'Pod', why: 'pods is forbidden: User "ann" cannot list resource "pods"' },
  { kind: 'Sidecar', why: 'sidecars.networking.istio.io is forbidden' },
  { kind: 'IstioOperator', why: 'no' },
];

test('refuses a mesh without a kind that is needed: which right is missing, and who can give it', () => {
  expect(() => requireKinds({ unread: UNREAD }, [KIND.pod, KIND.sidecar, KIND.service])).toThrow(
    'your rights do not show all of the mesh: pods is forbidden: User "ann" cannot list resource "pods". Whoever ' +
      'administers the cluster can bind you to a ClusterRole with the verb list for Pod, Sidecar',
  );
});

test('takes one of which only others could not be read', () => {
  expect(() => requireKinds({ unread: UNREAD }, [KIND.service, KIND.namespace])).not.toThrow();
});
