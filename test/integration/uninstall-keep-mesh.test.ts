// A mesh is left to istiod: by the user's command, while the operator runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { computeWorkloadHealth } from '../../src/core/status/workload-health.ts';
import { waitFor } from '../../testbed/wait.ts';
import { runSailwright, type Ended } from '../builders/run-sailwright.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: SYSTEM, name: 'istiod' };
const GATEWAY: ObjectRef = { ...ISTIOD, name: 'istio-ingressgateway' };
const INJECTOR: ObjectRef = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  name: 'istio-sidecar-injector',
};
const VALIDATOR: ObjectRef = {
  ...INJECTOR,
  kind: 'ValidatingWebhookConfiguration',
  name: 'istio-validator-istio-system',
};
const CONFIG: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM, name: 'istio-sidecar-injector' };
const ROOT = 'a certificate';

interface Webhooks {
  webhooks: { name: string; clientConfig: { service: { name: string; namespace: string }; caBundle: string } }[];
}

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('leave-test');
  await harness.kubectl(['create', 'namespace', SYSTEM]);
  await harness.applySpec({ profile: 'default' });
  await harness.waitForCondition('Ready');
});
afterAll(() => harness.stop());

const leave = (...options: string[]): Promise<Ended> =>
  runSailwright(['uninstall', '--keep-mesh', '--kubeconfig', harness.kubeconfig, ...options]);

async function fetch<T>(ref: ObjectRef): Promise<T & KubeObject> {
  return (await harness.admin.get(ref)) as T & KubeObject;
}

interface Istiod {
  spec: { template: { spec: { containers: { env: { name: string }[] }[] } } };
}

function variablesOf({ spec }: Istiod): string[] {
  return spec.template.spec.containers.flatMap(({ env }) => env.map(({ name }) => name));
}

const fetchVariables = async (): Promise<string[]> => variablesOf(await fetch<Istiod>(ISTIOD));

/** What a version of a webhook configuration or of istiod is to whoever asks webhooks. */
function describeStage(object: KubeObject): string | undefined {
  if (object.kind === 'Deployment') {
    if (object.metadata.name !== ISTIOD.name) return undefined;
    if (variablesOf(object as Istiod & KubeObject).includes('INJECTION_WEBHOOK_CONFIG_NAME')) return undefined;
    return computeWorkloadHealth(object).state === 'ready' ? 'istiod is ready' : 'istiod restarts';
  }
  const [first] = (object as Webhooks & KubeObject).webhooks;
  const isSeen = object.metadata.labels?.['istio.io/rev'] !== undefined;
  return `${object.metadata.name} asks ${first?.clientConfig.service.name}${isSeen ? '' : ', unseen by istiod'}`;
}

/** Writes down each version of the kinds that is stored, by the order in which the API server stores them. */
async function recordVersions(signal: AbortSignal): Promise<KubeObject[]> {
  const seen: KubeObject[] = [];
  for (const { apiVersion, kind } of [INJECTOR, VALIDATOR, ISTIOD]) {
    const { resourceVersion } = await harness.admin.list({ apiVersion, kind });
    const events = await harness.admin.watch({ apiVersion, kind }, { resourceVersion, timeoutSeconds: 300, signal });
    void (async () => {
      for await (const { type, object } of events) if (type === 'MODIFIED') seen.push(object);
    })().catch(() => undefined);
  }
  return seen;
}

const versionOf = ({ metadata }: KubeObject): number => Number(metadata['resourceVersion']);

describe.sequential('a mesh that is left to istiod', () => {
  it('is told of before anything is written', async () => {
    const { code, out } = await leave();
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.startsWith('  change'))).toEqual([
      '  change  ConfigMap istio-system/istio-sidecar-injector',
      '  change  ClusterRole istiod-clusterrole-istio-system',
      '  change  Deployment istio-system/istiod',
      '  change  MutatingWebhookConfiguration istio-sidecar-injector',
      '  change  ValidatingWebhookConfiguration istio-validator-istio-system',
    ]);
    expect(await fetchVariables()).toContain('INJECTION_WEBHOOK_CONFIG_NAME');
  });

  it('is not begun while istiod has shown no certificate', async () => {
    const { code, err } = await leave('--yes');
    expect(code).not.toBe(0);
    expect(err).toContain('ConfigMap istio-system/istio-ca-root-cert holds no certificate');
    expect((await fetch(harness.ref())).metadata.annotations ?? {}).not.toHaveProperty(
      'install.istio.io/ignoreReconcile',
    );
  });

  it('goes on without the operator, which leaves it alone', async () => {
    const certificate = {
      metadata: { name: 'istio-ca-root-cert', namespace: SYSTEM },
      data: { 'root-cert.pem': ROOT },
    };
    await harness.admin.create({ apiVersion: 'v1', kind: 'ConfigMap', ...certificate });
    const [istiod, gateway] = [await fetch(ISTIOD), await fetch(GATEWAY)];
    const watching = new AbortController();
    const versions = await recordVersions(watching.signal);
    const { code, out, err } = await leave('--yes');
    expect(err).not.toContain('error');
    expect(out).toContain('istiod runs the mesh');
    expect(code).toBe(0);
    await waitFor('the resource to be gone', async () => (await harness.admin.get(harness.ref())) === undefined);
    await harness.waitForQuiet();
    for (const ref of [INJECTOR, VALIDATOR, ISTIOD]) {
      const last = versionOf(await fetch(ref));
      await waitFor(`the last version of ${ref.name}`, () =>
        Promise.resolve(versions.some((one) => versionOf(one) === last)),
      );
    }
    watching.abort();
    const stages = versions.sort((a, b) => versionOf(a) - versionOf(b)).flatMap((one) => describeStage(one) ?? []);
    expect(stages.filter((stage, at) => stage !== stages[at - 1])).toEqual([
      'istio-sidecar-injector asks sailwright-webhook, unseen by istiod',
      'istio-validator-istio-system asks sailwright-webhook, unseen by istiod',
      'istiod restarts',
      'istiod is ready',
      'istio-sidecar-injector asks istiod',
      'istio-validator-istio-system asks istiod',
    ]);

    for (const ref of [INJECTOR, VALIDATOR]) {
      for (const { clientConfig } of (await fetch<Webhooks>(ref)).webhooks) {
        expect(clientConfig.service).toMatchObject({ name: 'istiod', namespace: SYSTEM });
        expect(Buffer.from(clientConfig.caBundle, 'base64').toString('utf8')).toBe(ROOT);
      }
    }
    const { data } = await fetch<{ data: { config: string } }>(CONFIG);
    expect(data.config).toContain('sidecar.istio.io/interceptionMode');
    expect(await fetchVariables()).not.toContain('INJECTION_WEBHOOK_CONFIG_NAME');
    expect((await fetch(ISTIOD)).metadata['uid']).toBe(istiod.metadata['uid']);
    const after = await fetch(GATEWAY);
    expect(after.metadata['generation']).toBe(gateway.metadata['generation']);
    expect(after['spec']).toEqual(gateway['spec']);
  });
});
