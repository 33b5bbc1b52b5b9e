import { expect, it } from 'vitest';
import { describeWriter, findOtherWriters } from '../../core/hand-over/other-writers.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { fetchSailParents } from './find-sail.ts';

const owned = (kind: string, name: string, by: { kind: string; name: string }): KubeObject => ({
  apiVersion: kind === 'Service' ? 'v1' : 'sailoperator.io/v1',
  kind,
  metadata: { name, ownerReferences: [{ apiVersion: 'sailoperator.io/v1', ...by }] },
});
const REVISION = { kind: 'IstioRevision', name: 'default-v1-31-4' };
const OBJECTS = [owned('Service', 'a', REVISION), owned('Service', 'b', { kind: 'ZTunnel', name: 'default' })];

async function find(fault?: Error): Promise<{ told: string[]; warnings: string[] }> {
  const api = new FakeKubeApi();
  api.seed(owned(REVISION.kind, REVISION.name, { kind: 'Istio', name: 'default' }));
  if (fault) api.fault = () => fault;
  const warnings: string[] = [];
  const parents = await fetchSailParents(api, OBJECTS, warnings);
  return { told: findOtherWriters(OBJECTS, parents).map(describeWriter), warnings };
}

it('names the resource behind a revision of the Sail operator, and what it owns directly', async () => {
  const { told, warnings } = await find();
  expect(told).toEqual([
    expect.stringMatching(
      /^Istio default \(by IstioRevision default-v1-31-4\) of the Sail operator still writes .*delete both resources with/,
    ),
    expect.stringMatching(/^ZTunnel default of the Sail operator still writes .*delete this resource with/),
  ]);
  expect(warnings).toEqual([]);
});

it('names the revision where it cannot be read', async () => {
  const { told, warnings } = await find(new Error('forbidden'));
  expect(told[0]).toMatch(/^IstioRevision default-v1-31-4 of the Sail operator/);
  expect(warnings).toEqual(['could not read IstioRevision default-v1-31-4 of the Sail operator: forbidden']);
});
