import { expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { describeWriter, findOtherWriters } from './other-writers.ts';

const object = (name: string, metadata: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'ns', ...metadata },
});

it.each<[who: string, metadata: object, remedy: RegExp]>([
  [
    'HelmRelease flux/istiod of Flux',
    { labels: { 'helm.toolkit.fluxcd.io/name': 'istiod', 'helm.toolkit.fluxcd.io/namespace': 'flux' } },
    /flux suspend helmrelease istiod -n flux/,
  ],
  [
    'Kustomization flux/mesh of Flux',
    { labels: { 'kustomize.toolkit.fluxcd.io/name': 'mesh', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' } },
    /flux suspend kustomization mesh -n flux/,
  ],
  [
    'Application mesh of Argo CD',
    { annotations: { 'argocd.argoproj.io/tracking-id': 'mesh:/Service:ns/a' } },
    /automated sync/,
  ],
  ['Application mesh of Argo CD', { labels: { 'argocd.argoproj.io/instance': 'mesh' } }, /automated sync/],
  [
    'IstioRevision default of the Sail operator',
    { ownerReferences: [{ apiVersion: 'sailoperator.io/v1', kind: 'IstioRevision', name: 'default' }] },
    /scale the Sail operator/,
  ],
])('finds %s by its mark', (who, metadata, remedy) => {
  const [found, ...more] = findOtherWriters([object('a', metadata), object('b', metadata), object('c', {})]);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ who, objects: ['Service ns/a', 'Service ns/b'] });
  expect(found?.remedy).toMatch(remedy);
  expect(found && describeWriter(found)).toContain(`${who} still writes Service ns/a, Service ns/b: `);
});

it('knows no writer where nothing is marked', () => {
  expect(findOtherWriters([object('a', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } })])).toEqual([]);
});
