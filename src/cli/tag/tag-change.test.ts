import { expect, it } from 'vitest';
import { renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi, refused } from '../../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { withOwnerLabels } from '../../core/plan/owner-labels.ts';
import { planTagMove } from '../../core/plan/tag-change.ts';
import { changeTag } from './tag-change.ts';

const iop = (name: string, tags: string[], manager?: string): KubeObject => ({
  apiVersion: 'install.istio.io/v1alpha1',
  kind: 'IstioOperator',
  metadata: {
    name,
    namespace: 'istio-system',
    ...(manager === undefined ? {} : { managedFields: [{ manager, fieldsV1: { 'f:spec': {} } }] }),
  },
  spec: { revision: name, values: { revisionTags: tags } },
});
/** As the operator leaves it once the tag leads to a resource. */
const hook = (name: string): KubeObject =>
  withOwnerLabels(
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'istio-revision-tag-prod', labels: { 'istio.io/tag': 'prod' } },
    },
    { owner: { name, namespace: 'istio-system' }, component: 'Pilot', revision: name },
  );

const renderTagWebhooks = (): KubeObject['webhooks'] =>
  renderControlPlane({ revision: 'blue', revisionTags: ['prod'] }).find(
    ({ metadata }) => metadata.labels?.['istio.io/tag'] === 'prod' && metadata.name.startsWith('istio-revision'),
  )?.['webhooks'] ?? [];

async function moveToGreen(
  api: FakeKubeApi,
  flags: { dryRun?: boolean; force?: boolean } = {},
): Promise<{ code: number | string; out: string; err: string; tags: unknown[] }> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    env: {},
    isTerminal: false,
    columns: 80,
  };
  const code = await changeTag(
    { api, io, flags: { dryRun: false, force: false, ...flags } },
    { tag: 'prod', plan: (world) => planTagMove(world, 'prod', 'green') },
  ).catch((error: unknown) => String(error));
  const { items } = await api.list({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' });
  const tags = items.map(({ spec }) => (spec as { values: { revisionTags: string[] } }).values.revisionTags);
  return { code, out, err, tags };
}

function createCluster(manager?: string): FakeKubeApi {
  const api = new FakeKubeApi();
  for (const object of [iop('blue', ['prod'], manager), iop('green', ['next']), hook('green')]) api.seed(object);
  return api;
}

it('gives the tag before it takes it, and tells where it leads', async () => {
  const api = createCluster();
  const { code, out, tags } = await moveToGreen(api);
  expect([code, tags]).toEqual([0, [[], ['next', 'prod']]]);
  expect(api.writes.map(({ name }) => name)).toEqual(['green', 'blue']);
  expect(out).toContain('IstioOperator istio-system/green: spec.values.revisionTags [next] -> [next, prod]');
  expect(out).toMatch(/tag prod leads to green\n$/);
});

it('warns of what else moves with it, and not where that cannot be read', async () => {
  const api = createCluster();
  api.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio.io/rev': 'prod' } } });
  api.seed({ ...hook('blue'), webhooks: renderTagWebhooks() });
  api.seed({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'way-in', namespace: 'shop' },
    spec: { gatewayClassName: 'istio' },
  });
  const told = 'istiod makes the pods of 1 Gateway (shop/way-in) anew as soon as tag prod moves';
  expect((await moveToGreen(api, { dryRun: true })).err).toContain(`warning: ${told}`);
  api.fault = ({ verb, kind }) => (verb === 'list' && kind === 'Gateway' ? refused(403, 'Forbidden') : undefined);
  expect(await moveToGreen(api, { dryRun: true })).toMatchObject({ code: 0, err: '' });
});

it('changes nothing in a dry run', async () => {
  const { code, out, tags } = await moveToGreen(createCluster(), { dryRun: true });
  expect([code, tags]).toEqual([0, [['prod'], ['next']]]);
  expect(out).toContain('[prod] -> []');
});

it('changes nothing where Git is the source, unless it is forced', async () => {
  const { code, tags } = await moveToGreen(createCluster('kustomize-controller'));
  expect(code).toContain('istio-system/blue ("kustomize-controller")');
  expect(tags).toEqual([['prod'], ['next']]);
  expect((await moveToGreen(createCluster('kustomize-controller'), { force: true })).code).toBe(0);
});

it('takes nothing when it could not be given', async () => {
  const api = createCluster();
  api.fault = ({ verb, name }) => (verb === 'patch' && name === 'green' ? refused(403, 'Forbidden') : undefined);
  const { code, tags } = await moveToGreen(api);
  expect(code).toContain('IstioOperator istio-system/green was not changed');
  expect(tags).toEqual([['prod'], ['next']]);
});

/** Refuses the first change of a resource, as when somebody changed it since it was read. */
function createContested(change: (api: FakeKubeApi) => void): FakeKubeApi {
  const api = createCluster();
  let isFirst = true;
  api.fault = ({ verb, name }) => {
    if (verb !== 'patch' || name !== 'blue' || !isFirst) return undefined;
    isFirst = false;
    change(api);
    return refused(409, 'Conflict');
  };
  return api;
}

it('takes it where the operator only wrote the status meanwhile', async () => {
  const { code, tags } = await moveToGreen(createContested(() => undefined));
  expect([code, tags]).toEqual([0, [[], ['next', 'prod']]]);
});

it('leaves a resource alone whose spec somebody changed meanwhile', async () => {
  const changed = iop('blue', ['prod', 'mine']);
  const { code, tags } = await moveToGreen(
    createContested((api) => void api.seed({ ...changed, metadata: { ...changed.metadata, generation: 7 } })),
  );
  expect(code).toContain('IstioOperator istio-system/blue was not changed');
  expect(tags).toEqual([
    ['prod', 'mine'],
    ['next', 'prod'],
  ]);
});
