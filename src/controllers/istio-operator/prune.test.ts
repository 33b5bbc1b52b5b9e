import { expect, it } from 'vitest';
import { FakeKubeApi, refused } from '../../../test/builders/fake-kube-api.ts';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { withOwnerLabels } from '../../core/plan/owner-labels.ts';
import { createSilentLog } from '../../telemetry/log.ts';
import type { Scope } from './dependencies.ts';
import { deleteObjects, type PruneOutcome } from './prune.ts';

const TAG: KubeObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'istio-revision-tag-prod', labels: { 'istio.io/tag': 'prod' } },
};
const ownedBy = (name: string, object = TAG): KubeObject =>
  withOwnerLabels(object, { owner: { name, namespace: 'istio-system' }, component: 'Pilot', revision: name });
const entryOf = (object: KubeObject): PruneEntry => {
  const ref = refOf(object);
  return { key: objectKey(ref), ref, uid: String(object.metadata['uid']), component: 'Pilot', object };
};

function remove(api: FakeKubeApi, seen: KubeObject): Promise<PruneOutcome> {
  const scope = { deps: { api }, log: createSilentLog(), signal: new AbortController().signal };
  return deleteObjects(scope as unknown as Scope, [entryOf(seen)]);
}

it('removes what is as it was seen', async () => {
  const api = new FakeKubeApi();
  const outcome = await remove(api, api.seed(ownedBy('blue')));
  expect(outcome).toEqual({ removed: [objectKey(refOf(TAG))], failures: [] });
  expect(await api.get(refOf(TAG))).toBeUndefined();
});

it('leaves what another IstioOperator took over since', async () => {
  const api = new FakeKubeApi();
  const seen = api.seed(ownedBy('blue'));
  api.seed(ownedBy('green'));
  expect((await remove(api, seen)).failures).toEqual([]);
  expect((await api.get(refOf(TAG)))?.metadata.labels).toMatchObject({ 'istio.io/rev': 'green' });
});

it('removes what changed and is still ours', async () => {
  const api = new FakeKubeApi();
  const seen = api.seed(ownedBy('blue'));
  api.seed({ ...ownedBy('blue'), status: {} });
  await remove(api, seen);
  expect(await api.get(refOf(TAG))).toBeUndefined();
});

it('gives up for this pass on what changes again and again', async () => {
  const api = new FakeKubeApi();
  const seen = api.seed(ownedBy('blue'));
  api.fault = ({ verb }) => (verb === 'delete' ? refused(409, 'Conflict') : undefined);
  const { removed, failures } = await remove(api, seen);
  expect([removed.length, failures.length]).toEqual([0, 1]);
});
