// What cannot be changed in place is made anew where the resource asks for it, and pods that serve go last.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';
import { EndpointsRecord } from '../../testbed/endpoints-record.ts';

const SYSTEM = 'istio-system';
const GATEWAY = 'istio-ingressgateway';
const DEPLOYMENT: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: SYSTEM, name: GATEWAY };
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: GATEWAY };
const BINDING: ObjectRef = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  namespace: SYSTEM,
  name: 'istiod',
};
const NO_NEW_BINDINGS = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'no-new-bindings' },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['rbac.authorization.k8s.io'],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['rolebindings'],
          },
        ],
      },
      validations: [{ expression: "!object.metadata.name.startsWith('istiod')", message: 'no new bindings' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'no-new-bindings' },
    spec: { policyName: 'no-new-bindings', validationActions: ['Deny'] },
  },
];
const WRITES = new Set(['apply', 'patch', 'delete', 'create', 'replace']);
const REPLICAS = 2;

const labelled = (istio: string): object => ({
  profile: 'default',
  components: {
    ingressGateways: [
      { name: GATEWAY, enabled: true, label: { istio }, k8s: { hpaSpec: { minReplicas: REPLICAS, maxReplicas: 5 } } },
    ],
  },
});

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('recreate-test');
  await harness.kubectl(['create', 'namespace', SYSTEM]);
});
afterAll(() => harness.stop());

async function annotate(name: string, value: string): Promise<void> {
  await harness.annotate([`${name}=${value}`]);
}

const specOf = async (ref: ObjectRef): Promise<Record<string, unknown>> =>
  ((await harness.admin.get(ref))?.['spec'] ?? {}) as Record<string, unknown>;

async function fetchOutgoing(): Promise<KubeObject[]> {
  const kind = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
  const { items } = await harness.admin.list(kind, { namespace: SYSTEM, labelSelector: 'sailwright.dev/managed=true' });
  return items;
}

/** Waits until the gateway has these labels and nothing else of it is left. */
async function waitForGateway(istio: string): Promise<void> {
  await harness.waitForCondition('Ready');
  await waitFor(`the gateway to be ${istio} only`, async () => {
    const { selector } = (await specOf(SERVICE)) as { selector?: Record<string, string> };
    return selector?.['istio'] === istio && (await fetchOutgoing()).length === 0;
  });
  await harness.waitForCondition('Ready');
}

const stalled = async (reason: string): Promise<string> => {
  const find = async (): Promise<string | undefined> => {
    const condition = await harness.fetchCondition('Stalled');
    return condition?.reason === reason ? condition.message : undefined;
  };
  return waitFor(`Stalled=${reason}`, find);
};

it("makes another installer's binding anew, when both is agreed to and the new one would be accepted", async () => {
  const labels = { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/part-of': 'istio' };
  const annotations = { 'meta.helm.sh/release-name': 'istiod', 'meta.helm.sh/release-namespace': SYSTEM };
  const { apiVersion, kind, name } = BINDING;
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'former' };
  const former = await harness.admin.create({
    apiVersion,
    kind,
    metadata: { namespace: SYSTEM, name, labels, annotations },
    roleRef,
  });
  await harness.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ kind: 'List', apiVersion: 'v1', items: NO_NEW_BINDINGS }),
  );
  await waitFor('the policy to hold', () =>
    harness.admin.create({ ...former, metadata: { namespace: SYSTEM, name: 'istiod-probe' } }, { dryRun: true }).then(
      () => false,
      () => true,
    ),
  );
  harness.writes = [];
  await harness.applySpec(labelled('first'));
  expect(await stalled('AdoptionRequired')).toContain(
    `Helm release ${SYSTEM}/istiod has RoleBinding ${SYSTEM}/${name}`,
  );
  await annotate('sailwright.dev/adopt', 'approve');
  expect(await stalled('ChangeRefused')).toContain('roleRef: cannot change roleRef');
  await annotate('sailwright.dev/recreate', `RoleBinding/${SYSTEM}/${name}`);
  await waitFor('the second refusal', async () => (await stalled('ChangeRefused')).includes('made anew, it would be'));
  expect(harness.writes.filter((write) => !write.includes('IstioOperator'))).toEqual([]);
  expect((await harness.admin.get(BINDING))?.metadata['uid']).toBe(former.metadata['uid']);
  await harness.kubectl(['delete', 'validatingadmissionpolicybinding', 'no-new-bindings']);
  await waitFor('the policy to end', () =>
    harness.admin.create({ ...former, metadata: { namespace: SYSTEM, name: 'istiod-probe' } }, { dryRun: true }).then(
      () => true,
      () => false,
    ),
  );
  await annotate('test.sailwright.dev/touch', '0');
  await harness.waitForCondition('Ready');
  const binding = await harness.admin.get(BINDING);
  expect(binding?.metadata['uid']).not.toBe(former.metadata['uid']);
  expect(binding?.['roleRef']).toMatchObject({ name: 'istiod' });
});

it('changes the labels of a gateway with ready endpoints at every moment', async () => {
  const former = await harness.admin.get(DEPLOYMENT);
  await waitFor('both replicas', async () => {
    const { status } = (await harness.admin.get(DEPLOYMENT)) as { status?: { readyReplicas?: number } };
    return status?.readyReplicas === REPLICAS;
  });
  await annotate('sailwright.dev/recreate', `Deployment/${SYSTEM}/${GATEWAY}`);
  const record = await EndpointsRecord.start(harness.admin, { namespace: SYSTEM, name: GATEWAY });
  const before = record.ready;
  await harness.applySpec(labelled('edge'));
  await waitForGateway('edge');
  await waitFor('other pods alone', () => record.ready.every((pod) => !before.includes(pod)));
  await record.stop();
  expect(record.fewest).toBeGreaterThanOrEqual(REPLICAS);
  expect((await harness.admin.get(DEPLOYMENT))?.metadata['uid']).not.toBe(former?.metadata['uid']);
  const messages = harness.notes.map(({ reason, message }) => `${reason}: ${message}`);
  expect(messages).toContain(`Recreated: Deployment ${SYSTEM}/${GATEWAY}: spec.selector: field is immutable`);
  expect(messages.filter((text) => text.startsWith('DriftRepaired'))).toEqual([]);
  const { inventory } = (await harness.fetchStatus()) as { inventory: { kind: string }[] };
  expect(inventory.filter(({ kind }) => kind === 'ReplicaSet')).toEqual([]);
});

it('comes back to rest', async () => {
  await harness.waitForQuiet();
  harness.writes = [];
  await annotate('test.sailwright.dev/touch', '1');
  await harness.waitForQuiet();
  expect(harness.writes).toEqual([]);
});

it('survives a crash after each of its writes', { timeout: 400_000 }, async () => {
  const record = await EndpointsRecord.start(harness.admin, { namespace: SYSTEM, name: GATEWAY });
  let isThrough = false;
  for (let allowed = 1; !isThrough; allowed += 1) {
    const istio = `crash-${allowed}`;
    let left = allowed;
    harness.fault = (method) => {
      if (!WRITES.has(method) && left >= 0) return undefined;
      left -= 1;
      return left < 0 ? new Error('crashed') : undefined;
    };
    await harness.applySpec(labelled(istio));
    const isOver = async (): Promise<boolean> =>
      left < 0 || ((await harness.fetchCondition('Ready'))?.status === 'True' && (await fetchOutgoing()).length === 0);
    await waitFor('a crash, or the end', isOver, { timeoutMs: 30_000 });
    isThrough = left >= 0;
    await harness.restart(() => {
      harness.fault = () => undefined;
      return Promise.resolve();
    });
    await waitForGateway(istio);
  }
  await record.stop();
  expect(record.fewest).toBeGreaterThanOrEqual(1);
});
