// What the API server would refuse keeps a change from being written at all.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const GATEWAY = 'istio-ingressgateway';
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: GATEWAY };
const SHARED_CONFIG: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM, name: 'istio' };
const POLICY = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'no-istiod-service' },
  spec: {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] }],
    },
    validations: [{ expression: "object.metadata.name != 'istiod'", message: 'the house forbids it' }],
  },
};
const BINDING = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: 'no-istiod-service' },
  spec: { policyName: 'no-istiod-service', validationActions: ['Deny'] },
};
const labelled = (istio: string): object => ({
  profile: 'default',
  components: { ingressGateways: [{ name: GATEWAY, enabled: true, label: { istio } }] },
});

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('refusal-test');
  await harness.kubectl(['create', 'namespace', SYSTEM]);
});
afterAll(() => harness.stop());

const writesToCluster = (): string[] => harness.writes.filter((write) => !write.includes('IstioOperator'));
const selectorOf = (object: KubeObject | undefined): unknown => (object?.['spec'] as { selector?: object })?.selector;

it('writes nothing of an installation of which a policy refuses one object', async () => {
  await harness.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [POLICY, BINDING] }),
  );
  const probe = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'istiod', namespace: SYSTEM }, spec: {} };
  await waitFor('the policy to hold', () =>
    harness.admin.create({ ...probe, spec: { ports: [{ port: 80 }] } }, { dryRun: true }).then(
      () => false,
      () => true,
    ),
  );
  harness.writes = [];
  await harness.applySpec({ profile: 'default' });
  const stalled = await harness.waitForCondition('Stalled');
  expect(stalled.reason).toBe('ChangeRefused');
  expect(stalled.message).toContain('Service istio-system/istiod');
  expect(stalled.message).toContain('the house forbids it');
  expect(writesToCluster()).toEqual([]);
});

it('goes on when the policy is gone and the resource is touched', async () => {
  await harness.kubectl(['delete', 'validatingadmissionpolicybinding', 'no-istiod-service']);
  await waitFor('the policy to end', () =>
    harness.admin
      .create(
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'istiod', namespace: SYSTEM },
          spec: { ports: [{ port: 80 }] },
        },
        { dryRun: true },
      )
      .then(
        () => true,
        () => false,
      ),
  );
  await harness.annotate(['test.sailwright.dev/touch=1']);
  await harness.waitForCondition('Ready');
});

it("writes nothing of a change of a gateway's labels, and names object, field and ways out", async () => {
  await harness.waitForQuiet();
  const before = await harness.admin.get(SERVICE);
  harness.writes = [];
  await harness.applySpec(labelled('edge'));
  const stalled = await harness.waitForCondition('Stalled');
  expect(stalled.reason).toBe('ChangeRefused');
  expect(stalled.message).toContain(`Deployment ${SYSTEM}/${GATEWAY}: spec.selector: field is immutable`);
  expect(stalled.message).toContain('another name');
  expect(writesToCluster()).toEqual([]);
  expect(selectorOf(await harness.admin.get(SERVICE))).toEqual(selectorOf(before));
});

it('still repairs what the change leaves as it is, and brings back what is deleted', async () => {
  const account: ObjectRef = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: SYSTEM, name: 'istiod' };
  const patch = { metadata: { labels: { app: 'changed' } } };
  await harness.admin.patch(account, patch, { type: 'merge', fieldManager: 'somebody' });
  await waitFor('the repair', async () => (await harness.admin.get(account))?.metadata.labels?.['app'] === 'istiod');
  await harness.admin.delete(SHARED_CONFIG);
  await waitFor('what was deleted', () => harness.admin.get(SHARED_CONFIG));
  expect((await harness.fetchCondition('Stalled'))?.reason).toBe('ChangeRefused');
});

it('is Ready at once when the change is taken back', async () => {
  await harness.waitForQuiet();
  harness.writes = [];
  await harness.applySpec({ profile: 'default' });
  await harness.waitForCondition('Ready');
  expect(writesToCluster()).toEqual([]);
});
