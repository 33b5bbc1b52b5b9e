import { expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { describeAdoption, describeInstaller, isAdoptionApproved } from './adoption.ts';

function object(name: string, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'istio-system', ...metadata } };
}

it.each<[who: string, metadata: object]>([
  [
    'the Sail operator',
    { ownerReferences: [{ apiVersion: 'sailoperator.io/v1', kind: 'IstioRevision', name: 'default' }] },
  ],
  [
    'Helm release mesh/istiod',
    { annotations: { 'meta.helm.sh/release-name': 'istiod', 'meta.helm.sh/release-namespace': 'mesh' } },
  ],
  ['istioctl', { labels: { 'install.operator.istio.io/owning-resource': 'unknown' } }],
  ['istioctl', { labels: { 'operator.istio.io/component': 'Pilot' } }],
  [
    'IstioOperator ops/mesh of another operator',
    {
      labels: {
        'install.operator.istio.io/owning-resource': 'mesh',
        'install.operator.istio.io/owning-resource-namespace': 'ops',
      },
    },
  ],
  ['"argocd-controller"', { labels: { release: 'istio' }, managedFields: [{ manager: 'argocd-controller' }] }],
  ['another installer', { labels: { release: 'istio' } }],
])('tells that an object is of %s', (who, metadata) => {
  expect(describeInstaller(object('istiod', metadata))).toBe(who);
});

it('agrees by one value of the annotation only', () => {
  const annotated = (value: string): KubeObject => object('mesh', { annotations: { 'sailwright.dev/adopt': value } });
  expect(['approve', 'Approve', 'true', 'plan', ''].map((value) => isAdoptionApproved(annotated(value)))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

it('lists what is in the way by installer, bounded, and says what the annotation holds', () => {
  const foreign = Array.from({ length: 14 }, (_, i) => ({
    live: object(`s${i}`),
    installer: i === 13 ? 'Helm release mesh/istiod' : 'istioctl',
    restarts: i === 2,
  }));
  const message = describeAdoption(foreign, object('mesh', { annotations: { 'sailwright.dev/adopt': 'yes' } }));
  expect(message).toContain('14 in all: istioctl has Service istio-system/s0, ');
  expect(message).toContain('and 3 more; Helm release mesh/istiod has Service istio-system/s13.');
  expect(message).toContain('sailwright.dev/adopt: approve (it is "yes", and only "approve" counts)');
  expect(message).toContain('which restarts the pods of Service istio-system/s2; ');
  const quiet = foreign.map((one) => ({ ...one, restarts: false }));
  const planned = describeAdoption(quiet, object('mesh', { annotations: { 'sailwright.dev/adopt': 'plan' } }));
  expect(planned).toContain('sailwright.dev/adopt: approve to have them taken over, which restarts no pods; ');
});
