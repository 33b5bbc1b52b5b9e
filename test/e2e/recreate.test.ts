// A gateway whose labels change: nothing is written without consent, and with it the old pods serve until new ones do.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { EndpointsRecord } from '../../testbed/endpoints-record.ts';
import { waitFor } from '../../testbed/wait.ts';
import { displayEntry, fetchOperatorWrites } from './support/audit.ts';
import { waitForEnforced } from './support/enforced.ts';
import { Environment } from './support/environment.ts';
import { applySpec, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const GATEWAY = 'istio-ingressgateway';
const NODE_AGENT = 'istio-cni-node';
const EGRESS = 'istio-egressgateway';
const SERVICE = { apiVersion: 'v1', kind: 'Service', namespace: MESH_NAMESPACE, name: GATEWAY };
const MINE = { namespace: MESH_NAMESPACE, labelSelector: 'sailwright.dev/managed=true' };

const labelled = (istio: string): object => ({
  profile: 'default',
  components: { ingressGateways: [{ name: GATEWAY, enabled: true, label: { istio } }] },
});

interface Patch {
  path: string;
  value: string;
}
const overlay = (kind: string, name: string, patches: readonly Patch[]): object => ({
  overlays: patches.length > 0 ? [{ kind, name, patches }] : [],
});
/** Node agents and a gateway beside the one above, whose objects get these patches. */
const patched = (patches: { daemonSet?: readonly Patch[]; service?: readonly Patch[] }): object => ({
  profile: 'default',
  components: {
    ingressGateways: [{ name: GATEWAY, enabled: true, label: { istio: 'after' } }],
    egressGateways: [{ name: EGRESS, enabled: true, k8s: overlay('Service', EGRESS, patches.service ?? []) }],
    cni: { enabled: true, k8s: overlay('DaemonSet', NODE_AGENT, patches.daemonSet ?? []) },
  },
});

let environment: Environment;
let admin: KubeClient;

beforeAll(async () => {
  environment = await Environment.start();
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  await environment.startOperator('operator');
  await applySpec(labelled('before'));
  await waitForCondition('Ready');
  await waitForEnforced(environment.kubectl, `istio-validator-${MESH_NAMESPACE}`);
});
afterAll(async () => {
  admin.close();
  await environment.stop();
});

it('writes nothing of the change without consent, and names the field', async () => {
  const since = new Date();
  await applySpec(labelled('after'));
  const stalled = await waitForCondition('Stalled');
  expect(stalled.reason).toBe('ChangeRefused');
  expect(stalled.message).toContain(`Deployment ${MESH_NAMESPACE}/${GATEWAY}: spec.selector: field is immutable`);
  const log = environment.cluster.embedded?.auditLogPath;
  if (log === undefined) return;
  const writes = (await fetchOperatorWrites(log, since)).map(displayEntry);
  expect(writes.filter((write) => !/ (istiooperators|events)\b/.test(write))).toEqual([]);
});

it('with consent, under its own rights, never leaves the Service without a ready endpoint', async () => {
  const record = await EndpointsRecord.start(admin, { namespace: MESH_NAMESPACE, name: GATEWAY });
  const before = record.ready;
  const began = performance.now();
  const name = `Deployment/${MESH_NAMESPACE}/${GATEWAY}`;
  const resource = ['iop', MESH_NAME, '-n', MESH_NAMESPACE];
  await environment.kubectl(['annotate', ...resource, `sailwright.dev/recreate=${name}`]);
  await waitFor(
    'other pods alone',
    async () => {
      const { spec } = (await admin.get(SERVICE)) as unknown as { spec: { selector: Record<string, string> } };
      const { items } = await admin.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, MINE);
      const isReplaced = record.ready.length > 0 && record.ready.every((pod) => !before.includes(pod));
      return spec.selector['istio'] === 'after' && items.length === 0 && isReplaced;
    },
    { timeoutMs: 60_000 },
  );
  await waitForCondition('Ready');
  await record.stop();
  console.log(
    `label change with recreate: ${Math.round(performance.now() - began)} ms, fewest ready endpoints ${record.fewest}`,
  );
  expect(record.fewest).toBeGreaterThan(0);
});

it.each([
  {
    kind: 'DaemonSet',
    apiVersion: 'apps/v1',
    name: NODE_AGENT,
    field: 'spec.selector',
    change: {
      daemonSet: ['spec.selector.matchLabels.tier', 'spec.template.metadata.labels.tier'].map((path) => ({
        path,
        value: 'other',
      })),
    },
    shows: { spec: { selector: { matchLabels: { tier: 'other' } } } },
  },
  {
    kind: 'Service',
    apiVersion: 'v1',
    name: EGRESS,
    field: 'spec.clusterIP',
    change: { service: [{ path: 'spec.clusterIP', value: 'None' }] },
    shows: { spec: { clusterIP: 'None' } },
  },
])(
  'with consent, makes a $kind anew, and its pods with it',
  async ({ kind, apiVersion, name, field, change, shows }) => {
    const ref = { apiVersion, kind, namespace: MESH_NAMESPACE, name };
    await applySpec(patched({}));
    await waitForCondition('Ready');
    const uid = (await admin.get(ref))?.metadata['uid'];
    await applySpec(patched(change));
    const stalled = await waitForCondition('Stalled');
    expect(stalled.message).toContain(`${kind} ${MESH_NAMESPACE}/${name}: ${field}`);
    expect((await admin.get(ref))?.metadata['uid']).toBe(uid);
    const consent = `sailwright.dev/recreate=${kind}/${MESH_NAMESPACE}/${name}`;
    await environment.kubectl(['annotate', 'iop', MESH_NAME, '-n', MESH_NAMESPACE, '--overwrite', consent]);
    await waitForCondition('Ready');
    const live = await admin.get(ref);
    expect(live).toMatchObject(shows);
    expect(live?.metadata['uid']).not.toBe(uid);
    // Of a DaemonSet, whose pods hold what only one of a node can: none of the former ones is left.
    const { items } = await admin.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: MESH_NAMESPACE });
    const owners = items.flatMap(({ metadata }) => (metadata['ownerReferences'] ?? []) as { uid: string }[]);
    expect(owners.map((owner) => owner.uid)).not.toContain(uid);
  },
);
