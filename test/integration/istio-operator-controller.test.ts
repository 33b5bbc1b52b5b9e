// The controller in this process against a real API server: what it writes is counted where it is sent.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IstioOperatorController } from '../../src/controllers/istio-operator/controller.ts';
import type { JsonObject, KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { render } from '../../src/core/render/render.ts';
import { ISTIO_1_31 } from '../../src/core/values/istio-1.31/index.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { createKubectl, type Kubectl } from '../../testbed/kubectl.ts';
import { waitFor } from '../../testbed/wait.ts';

const NAMESPACE = 'controller-test';
const RESOURCE: ObjectRef = {
  apiVersion: 'install.istio.io/v1alpha1',
  kind: 'IstioOperator',
  namespace: NAMESPACE,
  name: 'mesh',
};
const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };
const GATEWAY: ObjectRef = {
  apiVersion: 'v1',
  kind: 'Service',
  namespace: 'istio-system',
  name: 'istio-ingressgateway',
};

let cluster: ObtainedCluster;
let kubectl: Kubectl;
let admin: KubeClient;
let writes: string[] = [];
const notes: { reason: string; message: string }[] = [];
let controller: IstioOperatorController;
let metrics: Metrics;

function createController(): IstioOperatorController {
  metrics = createMetrics({ processMetrics: false });
  const defaults = { hub: ISTIO_1_31.defaultHub, tag: ISTIO_1_31.defaultTag };
  return new IstioOperatorController({
    api: admin.scoped({ onWrite: ({ verb, ref }) => writes.push(`${verb} ${ref.kind} ${ref.name}`) }),
    watchApi: admin,
    render: (resource, kubeVersion) => {
      const { apiVersion, kind, metadata, spec } = resource;
      const document = { apiVersion, kind, metadata: { name: metadata.name }, spec } as unknown as JsonObject;
      return render({ documents: [document] }, { form: 'sailwright', defaults, kubeVersion });
    },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    events: { record: (_about, note) => void notes.push(note) },
    now: () => Date.now(),
    log: createLog({ level: (process.env['SAILWRIGHT_TEST_LOG'] as 'info' | undefined) ?? 'silent' }),
    metrics,
  });
}

async function applySpec(spec: unknown): Promise<void> {
  const { apiVersion, kind, namespace, name } = RESOURCE;
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion, kind, metadata: { namespace, name }, spec }));
}

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

async function fetchCondition(type: string): Promise<Condition | undefined> {
  const resource = await admin.get(RESOURCE);
  const status = resource?.['status'] as { conditions?: Condition[]; observedGeneration?: number } | undefined;
  if (status?.observedGeneration !== resource?.metadata['generation']) return undefined;
  return status?.conditions?.find((condition) => condition.type === type);
}

const waitForCondition = async (type: string, status = 'True'): Promise<Condition> => {
  let last: unknown;
  try {
    return await waitFor(
      `${type}=${status}`,
      async () => {
        const condition = await fetchCondition(type);
        last = condition ?? (await admin.get(RESOURCE))?.['status'];
        return condition?.status === status ? condition : undefined;
      },
      { timeoutMs: 60_000 },
    );
  } catch (error) {
    throw new Error(`${String(error)}: ${JSON.stringify(last)}`, { cause: error });
  }
};

/** How many passes this controller has finished. */
async function fetchPasses(): Promise<number> {
  const metric = await metrics.registry.getSingleMetric('sailwright_reconcile_total')?.get();
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}

/** Waits until nothing was written for a while. */
async function waitForQuiet(ms = 1_500): Promise<void> {
  let seen = -1;
  while (seen !== writes.length) {
    seen = writes.length;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

beforeAll(async () => {
  cluster = await obtainCluster({});
  kubectl = createKubectl(cluster.kubectl, cluster.kubeconfig);
  await kubectl([
    'apply',
    '--server-side',
    '-f',
    join(import.meta.dirname, '../../crds/install.istio.io_istiooperators.yaml'),
  ]);
  await kubectl(['wait', '--for=condition=Established', 'crd/istiooperators.install.istio.io']);
  await kubectl(['create', 'namespace', NAMESPACE]);
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
  controller = createController();
  controller.start();
  controller.startLeading();
});

afterAll(async () => {
  await controller?.stop();
  admin?.close();
  await cluster?.stop();
});

describe('an IstioOperator on a real API server', () => {
  it('becomes Ready, and its namespace is made', async () => {
    await applySpec({ profile: 'default' });
    const ready = await waitForCondition('Ready');
    expect(ready.reason).toBe('Installed');
    expect(await admin.get(ISTIOD)).toBeDefined();
    expect(await admin.get(GATEWAY)).toBeDefined();
  });

  it('writes nothing in a further pass, nor after a restart', async () => {
    expect(writes.length).toBeGreaterThan(30);
    await waitForQuiet();
    writes = [];
    const passes = await fetchPasses();
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'test.sailwright.dev/pass=1']);
    await waitFor('one more pass', async () => (await fetchPasses()) > passes);
    await controller.stop();
    controller = createController();
    controller.start();
    controller.startLeading();
    await waitFor('the first pass', async () => (await fetchPasses()) > 0);
    await waitForQuiet();
    expect(writes).toEqual([]);
  });

  it('repairs an edited Service and names who changed what', async () => {
    const patch = JSON.stringify({ spec: { ports: [{ port: 80, name: 'http2', targetPort: 9999 }] } });
    await kubectl(['patch', 'service', GATEWAY.name, '-n', 'istio-system', '--type=strategic', '-p', patch]);
    const began = performance.now();
    await waitFor(
      'the Service to be repaired',
      async () => {
        const spec = (await admin.get(GATEWAY))?.['spec'] as { ports: { port: number; targetPort: number }[] };
        return spec.ports.find(({ port }) => port === 80)?.targetPort === 8080;
      },
      { timeoutMs: 10_000, intervalMs: 20 },
    );
    console.log(`edited Service: repaired after ${Math.round(performance.now() - began)} ms`);
    const note = notes.findLast(({ reason }) => reason === 'DriftRepaired');
    expect(note?.message).toContain('kubectl-patch');
    expect(note?.message).toContain('targetPort');
  });

  it('brings back a deleted Deployment and a removed label', async () => {
    await kubectl(['delete', 'deployment', 'istiod', '-n', 'istio-system']);
    await kubectl(['label', 'service', 'istiod', '-n', 'istio-system', 'sailwright.dev/managed-']);
    const began = performance.now();
    await waitFor('the Deployment to be back', async () => (await admin.get(ISTIOD)) !== undefined, {
      timeoutMs: 10_000,
      intervalMs: 20,
    });
    console.log(`deleted Deployment: back after ${Math.round(performance.now() - began)} ms`);
    await waitFor('the label to be back', async () => {
      const service = await admin.get({ ...ISTIOD, apiVersion: 'v1', kind: 'Service' });
      return service?.metadata.labels?.['sailwright.dev/managed'] === 'true';
    });
    await waitForCondition('Ready');
  });

  it('leaves to istiod what istiod proves: caBundle and failurePolicy', async () => {
    const webhook: ObjectRef = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      name: 'istio-validator-istio-system',
    };
    const live = await admin.get(webhook);
    const names = (live?.['webhooks'] as { name: string }[]).map(({ name }) => name);
    // Not Fail: nothing here answers.
    const patch = { webhooks: names.map((name) => ({ name, clientConfig: { caBundle: 'Zm9v' } })) };
    await admin.patch(webhook, patch, { type: 'strategic', fieldManager: 'pilot-discovery' });
    await waitForQuiet();
    writes = [];
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'test.sailwright.dev/pass=2', '--overwrite']);
    await waitForQuiet();
    expect(writes).toEqual([]);
    const [first] = (await admin.get(webhook))?.['webhooks'] as { clientConfig: { caBundle: string } }[];
    expect(first?.clientConfig.caBundle).toBe('Zm9v');
  });

  it('says what is wrong with a bad resource and leaves what runs alone', async () => {
    const uid = (await admin.get(ISTIOD))?.metadata['uid'];
    await applySpec({ profile: 'default', values: { global: { noSuchSetting: true } } });
    const stalled = await waitForCondition('Stalled');
    expect(stalled.message).toContain('spec.values.global.noSuchSetting');
    expect((await admin.get(ISTIOD))?.metadata['uid']).toBe(uid);
    await applySpec({ profile: 'default' });
    await waitForCondition('Ready');
  });

  it('removes exactly the gateway when that is disabled', async () => {
    const count = async (): Promise<number> =>
      ((await admin.get(RESOURCE))?.['status'] as { inventory: [] }).inventory.length;
    const before = await count();
    await applySpec({
      profile: 'default',
      components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] },
    });
    await waitForCondition('Ready');
    await waitFor('the gateway to be gone', async () => (await admin.get(GATEWAY)) === undefined);
    expect(await count()).toBeLessThan(before);
    expect(await admin.get(ISTIOD)).toBeDefined();
  });

  it('does nothing while it is paused', async () => {
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'install.istio.io/ignoreReconcile=true']);
    await waitFor('the pause', async () => (await fetchCondition('Ready'))?.reason === 'Paused');
    await kubectl(['delete', 'configmap', 'istio', '-n', 'istio-system']);
    await waitForQuiet();
    const map: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' };
    expect(await admin.get(map)).toBeUndefined();
    await kubectl(['annotate', 'iop', 'mesh', '-n', NAMESPACE, 'install.istio.io/ignoreReconcile-']);
    await waitFor('the ConfigMap to be back', async () => (await admin.get(map)) !== undefined);
  });

  it('ends, and leaves nothing of its own but CRDs and namespaces', async () => {
    const { inventory } = (await admin.get(RESOURCE))?.['status'] as {
      inventory: (ObjectRef & { component: string })[];
    };
    const began = performance.now();
    await kubectl(['delete', 'iop', 'mesh', '-n', NAMESPACE, '--timeout=60s']);
    console.log(`deletion: ${Math.round(performance.now() - began)} ms`);
    const left: KubeObject[] = [];
    for (const ref of inventory.filter(({ kind }) => kind !== 'CustomResourceDefinition')) {
      const object = await admin.get(ref);
      if (object) left.push(object);
    }
    expect(left.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });
});
