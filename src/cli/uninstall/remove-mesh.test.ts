import { expect, test } from 'vitest';
import { namespaceObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { istioOperator } from '../../../test/builders/small-mesh.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import { planRemoval, removalText, removeMesh, type Removal } from './remove-mesh.ts';

const REF = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', namespace: 'istio-system', name: 'mesh' };

/** A mesh that was installed, and a namespace that may be in it. */
async function installed(labels: Record<string, string>): Promise<{ api: FakeKubeApi; removal: Removal }> {
  const api = new FakeKubeApi();
  const objects = renderControlPlane({});
  const inventory = objects.map((object) => ({ ...refOf(object), component: 'Pilot' }));
  for (const object of [...objects, namespaceObject('shop', labels)]) api.seed(object);
  api.seed(istioOperator('mesh', { inventory: inventory }));
  return { api, removal: await planRemoval(api, (await api.get(REF)) as KubeObject) };
}

const PATIENCE = { timeoutMs: 5_000, onProgress: () => undefined };

test('tells what goes, the last that was made first, and the resource at the end', async () => {
  const { api, removal } = await installed({});
  const lines = removalText(removal, 200).split('\n');

  expect(lines[0]).toBe('IstioOperator istio-system/mesh:');
  expect(lines.filter((line) => line.startsWith('  remove ')).at(-1)).toBe('  remove  IstioOperator istio-system/mesh');
  expect(lines.at(-2)).toMatch(/^ {2}keep {4}\d+ CustomResourceDefinitions$/);
  expect(lines.join()).not.toContain('remove  CustomResourceDefinition');
  expect(lines).toContain('  remove  Deployment istio-system/istiod');
  expect(removal.users).toBe('');
  expect(api.writes).toEqual([]);
});

test('tells who still uses it', async () => {
  const { removal } = await installed({ 'istio-injection': 'enabled' });
  expect(removalText(removal, 200)).toMatch(/revision default is in use by 1 namespace \(shop\)/);
});

test('deletes the resource, with the consent that its operator needs where it is in use', async () => {
  const free = await installed({});
  expect(await removeMesh(free.api, free.removal, PATIENCE)).toBeUndefined();
  expect(free.api.writes.map(({ verb }) => verb)).toEqual(['delete']);

  const used = await installed({ 'istio-injection': 'enabled' });
  const annotations: unknown[] = [];
  used.api.fault = async ({ verb }) => {
    if (verb === 'delete') annotations.push((await used.api.get(REF))?.metadata.annotations);
    return undefined;
  };
  expect(await removeMesh(used.api, used.removal, PATIENCE)).toBeUndefined();
  expect(annotations).toEqual([{ 'sailwright.dev/force-delete': 'true' }]);
});

test('says what it waited for when the operator does not remove it', async () => {
  const { api, removal } = await installed({});
  api.delete = () => Promise.resolve('deleted');
  const told: string[] = [];
  const patience = { timeoutMs: 1, onProgress: (text: string) => void told.push(text) };
  expect(await removeMesh(api, removal, patience)).toMatch(/is still there: .*without an operator that runs, it stays/);
  expect(told).toEqual(['the operator has not looked at it yet']);
});
