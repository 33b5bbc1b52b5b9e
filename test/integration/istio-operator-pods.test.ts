// Pods that do not run: the resource says which, why, and what helps; what they replace stays.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IstioOperatorStatus } from '../../src/api/install/istio-operator-status.ts';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

/** Where the control plane is. */
const NAMESPACE = 'istio-system';
const PODS = { apiVersion: 'v1', kind: 'Pod' };
const GATEWAY = 'istio-ingressgateway';
const MINUTE_MS = 60_000;

/** Where pods of each component are found. */
const SELECTORS = {
  Pilot: 'app=istiod',
  IngressGateways: `app=${GATEWAY}`,
  Cni: 'k8s-app=istio-cni-node',
  Ztunnel: 'app=ztunnel',
};
type Component = keyof typeof SELECTORS;

const spec = (gateway: object = {}): object => ({
  profile: 'ambient',
  components: { ingressGateways: [{ name: GATEWAY, enabled: true, ...gateway }] },
  values: { pilot: { autoscaleEnabled: false }, gateways: { [GATEWAY]: { autoscaleEnabled: false } } },
});
const NOWHERE = { k8s: { nodeSelector: { nowhere: 'true' } } };

let harness: ControllerHarness;
beforeAll(async () => {
  harness = await ControllerHarness.start('pods-test');
  await harness.applySpec(spec());
  await harness.waitForCondition('Ready');
});
afterEach(() => (harness.aheadMs = 0));
afterAll(() => harness.stop());

async function fetchPods(component: Component): Promise<KubeObject[]> {
  const { items } = await harness.admin.list(PODS, { labelSelector: SELECTORS[component] });
  return items.filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
}

/** Writes the status of a pod as a kubelet would. */
async function tellOf(pod: KubeObject, status: object): Promise<void> {
  const conditions = ['Ready', 'ContainersReady'].map((type) => ({
    type,
    status: 'False',
    lastTransitionTime: new Date().toISOString(),
  }));
  const { name, namespace = '' } = pod.metadata;
  await tell({ ...PODS, name, namespace }, { phase: 'Running', conditions, ...status });
}

async function tell(ref: ObjectRef, status: object): Promise<void> {
  const options = { type: 'strategic', fieldManager: 'kubelet', subresource: 'status' } as const;
  await harness.admin.patch(ref, { status }, options);
}

/** What the component's entry and `Ready` say, once the component's says this. */
async function waitForTold(component: Component, text: string): Promise<{ error: string; ready: string }> {
  return waitFor(
    `${component} to tell ${text}`,
    async () => {
      const status = (await harness.fetchStatus()) as IstioOperatorStatus;
      const { error = '' } = status.componentStatus?.[component] ?? {};
      const ready = status.conditions?.find(({ type }) => type === 'Ready');
      if (!error.includes(text)) throw new Error(JSON.stringify(status.componentStatus));
      return { error, ready: `${ready?.status} ${ready?.reason} ${ready?.message}` };
    },
    { timeoutMs: 60_000, intervalMs: 200 },
  );
}

const deletePods = (component: Component): Promise<string> =>
  harness.kubectl(['delete', 'pods', '-A', '-l', SELECTORS[component]]);

const nameOf = (pod: KubeObject | undefined): string => pod?.metadata.name ?? '';
const container = (name: string, fields: object): object => ({
  name,
  ready: false,
  restartCount: 3,
  image: 'i',
  imageID: '',
  ...fields,
});
const ended = (exitCode: number, reason: string): object => ({
  terminated: { exitCode, reason, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z' },
});
const waiting = (reason: string, message = ''): object => ({ state: { waiting: { reason, message } } });

describe('a pod that does not run', () => {
  const cases: [component: Component, name: string, fields: object, says: string][] = [
    [
      'Pilot',
      'discovery',
      waiting('ImagePullBackOff', 'no such tag'),
      'ImagePullBackOff (no such tag); check hub, tag',
    ],
    [
      'IngressGateways',
      'istio-proxy',
      { ...waiting('CrashLoopBackOff'), lastState: ended(1, 'Error') },
      'CrashLoopBackOff (last exit code 1, Error); "kubectl -n',
    ],
    [
      'Ztunnel',
      'istio-proxy',
      { ...waiting('CrashLoopBackOff'), lastState: ended(137, 'OOMKilled') },
      'OOMKilled (last exit code 137; it has no memory limit: the node ran out); raise resources.limits.memory',
    ],
    [
      'Cni',
      'install-cni',
      waiting('CreateContainerConfigError', 'configmap "c" not found'),
      'CreateContainerConfigError (configmap "c" not found); create what is named',
    ],
  ];
  it.each(cases)('of %s is told', async (component, name, fields, says) => {
    const [pod] = await fetchPods(component);
    await tellOf(pod!, { containerStatuses: [container(name, fields)] });
    const { error, ready } = await waitForTold(component, says);
    expect(error).toContain(`pod ${nameOf(pod)}, container ${name}: `);
    expect(ready).toMatch(/^False WorkloadNotReady /);
    expect(ready).toContain(`${component}: ${error}`);
    expect(harness.notes).toContainEqual(
      expect.objectContaining({
        type: 'Warning',
        reason: 'WorkloadNotReady',
        message: expect.stringContaining(says) as string,
      }),
    );
    await deletePods(component);
    await harness.waitForCondition('Ready');
  });

  it('is told by the words of its events', async () => {
    const [pod] = await fetchPods('IngressGateways');
    const { name, namespace = '', uid } = pod!.metadata;
    const mounting = container('istio-proxy', { restartCount: 0, ...waiting('ContainerCreating') });
    await tellOf(pod!, { containerStatuses: [mounting] });
    await harness.admin.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'no-volume', namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
      type: 'Warning',
      reason: 'FailedMount',
      message: 'configmap "istio-ca-root-cert" not found',
      lastTimestamp: new Date(Date.now() + MINUTE_MS).toISOString(),
    });
    harness.aheadMs = MINUTE_MS;
    await waitForTold(
      'IngressGateways',
      'FailedMount (configmap "istio-ca-root-cert" not found); create what is named',
    );
    await deletePods('IngressGateways');
    await harness.waitForCondition('Ready');
  });

  it('keeps telling the same without another write', async () => {
    const [pod] = await fetchPods('Pilot');
    await tellOf(pod!, { containerStatuses: [container('discovery', waiting('ErrImagePull', 'no'))] });
    await waitForTold('Pilot', 'ImagePullBackOff (no)');
    await harness.waitForQuiet();
    const passes = await harness.fetchPasses();
    harness.writes = [];
    const backOff = 'Back-off pulling image "i": ErrImagePull: no';
    await tellOf(pod!, { containerStatuses: [container('discovery', waiting('ImagePullBackOff', backOff))] });
    await waitFor('a further look', async () => (await harness.fetchPasses()) > passes, { timeoutMs: 30_000 });
    expect(harness.writes).toEqual([]);
    await deletePods('Pilot');
    await harness.waitForCondition('Ready');
  });
});

it('pods of the wanted version count though the former ones are ready', async () => {
  const [former] = await fetchPods('IngressGateways');
  await harness.applySpec(spec(NOWHERE));
  const { error, ready } = await waitForTold('IngressGateways', 'Unschedulable (0/2 nodes are available');
  expect(error).toContain('; free room, add nodes');
  expect(error).not.toContain(`pod ${nameOf(former)}`);
  expect(ready).toMatch(/^False WorkloadNotReady /);
  // A former one that fails is told after it, and alone it is no failure.
  await tellOf(former!, { containerStatuses: [container('istio-proxy', waiting('ImagePullBackOff'))] });
  await harness.waitForQuiet();
  await waitForTold('IngressGateways', 'Unschedulable');
  await harness.applySpec(spec());
  await deletePods('IngressGateways');
  await harness.waitForCondition('Ready');
});

describe('pods that the API server refuses', () => {
  const QUOTA = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none', namespace: NAMESPACE } };
  afterAll(() => harness.admin.delete({ ...QUOTA, name: 'none', namespace: NAMESPACE }));

  it.each(['Ztunnel', 'IngressGateways'] as const)('of %s are told with the reason', async (component) => {
    const [pod] = await fetchPods(component);
    await harness.kubectl(['apply', '-f', '-'], JSON.stringify({ ...QUOTA, spec: { hard: { pods: '0' } } }));
    await waitFor('the quota to count', async () => {
      const quota = await harness.admin.get({ ...QUOTA, name: 'none', namespace: NAMESPACE });
      return (quota?.['status'] as { hard?: object } | undefined)?.hard !== undefined;
    });
    await harness.admin.delete({ ...PODS, name: nameOf(pod), namespace: pod?.metadata.namespace ?? '' });
    const { error, ready } = await waitForTold(component, 'FailedCreate (');
    expect(error).toContain('exceeded quota: none');
    expect(error).toContain('; change what refuses them');
    expect(ready).toMatch(/^False WorkloadNotReady /);
    await harness.admin.delete({ ...QUOTA, name: 'none', namespace: NAMESPACE });
    // Its controller waits longer and longer between two tries; a new version it tries at once.
    const kind = component === 'Ztunnel' ? 'daemonset' : 'deployment';
    await harness.kubectl(['rollout', 'restart', kind, '-n', NAMESPACE]);
    await harness.waitForCondition('Ready');
  });
});

it('a gateway stays until the one that takes its place runs', async () => {
  const deployment = (name: string): ObjectRef => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: NAMESPACE,
    name,
  });
  await harness.applySpec(spec({ name: 'other', ...NOWHERE }));
  const { error } = await waitForTold('IngressGateways', 'Unschedulable');
  expect(error).toMatch(/what is rendered no more stays until it runs, or until you delete it: .*istio-ingressgateway/);
  await harness.waitForQuiet();
  expect(await harness.admin.get(deployment(GATEWAY))).toBeDefined();
  // With all that it needs.
  expect(await harness.admin.get({ ...deployment(GATEWAY), apiVersion: 'v1', kind: 'Service' })).toBeDefined();
  await harness.applySpec(spec({ name: 'other' }));
  await harness.waitForCondition('Ready');
  expect(await harness.admin.get(deployment(GATEWAY))).toBeUndefined();
  expect(await harness.admin.get(deployment('other'))).toBeDefined();
});

// The last: nothing of the cluster runs afterwards.
it('a node that does not answer is told', async ({ skip }) => {
  const { embedded } = harness;
  if (!embedded) return skip('somebody else runs the cluster');
  const [pod] = await fetchPods('Ztunnel');
  const node = String((pod?.['spec'] as { nodeName?: string }).nodeName);
  await embedded.kill('kwok');
  const at = { lastTransitionTime: new Date().toISOString() };
  const lost = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'nothing was heard' };
  await tell({ apiVersion: 'v1', kind: 'Node', name: node }, { conditions: [{ ...lost, ...at }] });
  // As the controller of nodes does after a while.
  const { name, namespace = '' } = pod!.metadata;
  await tell({ ...PODS, name, namespace }, { conditions: [{ type: 'Ready', status: 'False', ...at }] });
  const { error, ready } = await waitForTold('Ztunnel', `NodeNotReady (node ${node}, NodeStatusUnknown`);
  expect(error).toContain(`pod ${nameOf(pod)}: `);
  expect(error).toContain('; bring the node back');
  expect(ready).toMatch(/^False WorkloadNotReady /);
});
