// Sidecars as a user meets them: labels and annotations, refusals at kubectl apply, and no pod lost while replicas end
// and certificates change.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { sumMetric } from './support/metrics.ts';
import { applyResource, applySpec, fetchResource, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const ROOT = join(import.meta.dirname, '../..');
const TEAM = 'injection-team';
const LATE = 'injection-late';
const CANARY = 'injection-canary';
const ADMISSIONS = Number(process.env['E2E_ADMISSIONS'] ?? 5_000);
const WORKERS = 16;
const SECRET = 'sailwright-webhook-certificate';

interface Template {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec?: Record<string, unknown>;
}

let environment: Environment;
let forwarder: Forwarder;
let replicas: OperatorProcess[] = [];
let client: KubeClient;

beforeAll(async () => {
  environment = await Environment.start();
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  forwarder = await Forwarder.start();
  const webhookUrl = `https://127.0.0.1:${forwarder.port}`;
  for (const name of ['injection-1', 'injection-2']) {
    const replica = await environment.startOperator(name, { webhookUrl });
    replicas.push(replica);
    await waitFor(`${name} to be ready`, async () => (await replica.fetchHealth('/readyz')) === 200);
  }
  forwarder.use(replicas.map(({ webhookPort }) => webhookPort));
  await applySpec({ profile: 'default' });
  await waitForCondition('Ready');
  await waitForCondition('InjectionEnforced');
  await createNamespace(TEAM, { 'istio-injection': 'enabled' });
});

afterAll(async () => {
  client.close();
  await environment.stop();
  await forwarder.stop();
});

async function createNamespace(name: string, labels: Record<string, string>): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  await waitFor('the default ServiceAccount', () =>
    environment.kubectl(['-n', name, 'get', 'serviceaccount', 'default']).then(() => true),
  );
}

function deployment(namespace: string, name: string, { labels, annotations, spec }: Template): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, ...labels }, ...(annotations ? { annotations } : {}) },
        spec: { containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 80 }] }], ...spec },
      },
    },
  };
}

function pod(namespace: string, name: string, annotations: Record<string, string> = {}): KubeObject {
  const spec = { containers: [{ name: 'app', image: 'app' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, annotations }, spec };
}

function containersOf({ spec }: KubeObject): string[] {
  const { containers, initContainers = [] } = spec as Record<string, { name: string }[]>;
  return [...initContainers, ...(containers ?? [])].map(({ name }) => name);
}

/** The pod that the API server stores for a Deployment. */
async function fetchPodOf(namespace: string, name: string): Promise<KubeObject> {
  return waitFor(`a pod of ${namespace}/${name}`, async () => {
    const kind = { apiVersion: 'v1', kind: 'Pod' };
    return (await client.list(kind, { namespace, labelSelector: `app=${name}` })).items[0];
  });
}

async function deployed(namespace: string, name: string, template: Template): Promise<string[]> {
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(deployment(namespace, name, template)));
  return containersOf(await fetchPodOf(namespace, name));
}

describe('a namespace with the label istio-injection=enabled', () => {
  it('gets pods with the proxy, which become ready', async () => {
    expect(await deployed(TEAM, 'plain', {})).toEqual(expect.arrayContaining(['istio-proxy', 'app']));
    const { metadata } = await fetchPodOf(TEAM, 'plain');
    expect(metadata.annotations?.['istio.io/rev']).toBe('default');
    expect(JSON.parse(metadata.annotations?.['sidecar.istio.io/status'] ?? '')).toMatchObject({ revision: 'default' });
    await environment.kubectl(['-n', TEAM, 'rollout', 'status', 'deployment/plain', '--timeout=60s']);
  });

  it.each<[string, Template]>([
    ['a label', { labels: { 'sidecar.istio.io/inject': 'false' } }],
    ['an annotation', { annotations: { 'sidecar.istio.io/inject': 'false' } }],
    ['the host network', { spec: { hostNetwork: true } }],
  ])('leaves out pods with %s', async (what, template) => {
    expect(await deployed(TEAM, `without-${what.replaceAll(' ', '-')}`, template)).toEqual(['app']);
  });

  it.each<[string, string]>([
    ['sidecar.istio.io/proxyCPU', 'lots'],
    ['traffic.sidecar.istio.io/excludeInboundPorts', '80,http'],
    ['inject.istio.io/templates', 'no-such-template'],
  ])('refuses the annotation %s with a value that cannot be, at kubectl apply', async (annotation, value) => {
    const applied = environment.kubectl(
      ['apply', '-f', '-'],
      JSON.stringify(pod(TEAM, 'bad', { [annotation]: value })),
    );
    const error = await applied.then(
      () => new Error('it was taken'),
      (reason: unknown) => reason as Error,
    );
    expect(error.message).toContain('denied the request');
    expect(error.message).toContain(value.split(',').at(-1));
  });

  it('explains a pod that runs, rule by rule', async () => {
    const { metadata } = await fetchPodOf(TEAM, 'without-an-annotation');
    const command = ['dist/sailwright.js', 'inject', '--explain', '-n', TEAM, metadata.name];
    const env = { ...process.env, KUBECONFIG: environment.cluster.kubeconfig };
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env });
    expect(stdout).toContain('+ namespace                selects it');
    expect(stdout).toContain('=> no sidecar (AnnotationDisabled)');
    expect(stdout).toContain('the pod has no sidecar now');
  });

  it('counts what it decided, by reason', async () => {
    const pages = await Promise.all(replicas.map((replica) => replica.fetchMetrics()));
    const lines = pages.join('\n');
    for (const verdict of ['PolicyEnabled', 'AnnotationDisabled', 'HostNetwork', 'InvalidAnnotation']) {
      expect(lines).toMatch(new RegExp(`^sailwright_admission_requests_total{.*verdict="${verdict}"`, 'm'));
    }
  });
});

describe('pods that were there before', () => {
  it('are named in the status, and no longer once they are replaced', async () => {
    await createNamespace(LATE, {});
    expect(await deployed(LATE, 'early', {})).toEqual(['app']);
    await environment.kubectl(['label', 'namespace', LATE, 'istio-injection=enabled']);
    const condition = await waitForCondition('SidecarsMissing');
    expect(condition.message).toContain(`${LATE}/early-`);
    const pages = await Promise.all(replicas.map((replica) => replica.fetchMetrics()));
    expect(pages.reduce((sum, page) => sum + sumMetric(page, 'sailwright_pods_missing_sidecar'), 0)).toBe(1);
    await environment.kubectl(['-n', LATE, 'rollout', 'restart', 'deployment/early']);
    await environment.kubectl(['-n', LATE, 'rollout', 'status', 'deployment/early', '--timeout=60s']);
    await waitFor('the condition to go', async () => {
      const found = (await fetchResource())?.status?.conditions ?? [];
      return found.length > 0 && !found.some(({ type }) => type === 'SidecarsMissing');
    });
  });
});

describe('a second revision', () => {
  it('injects the pods that name it, by its own configuration', async () => {
    await applyResource({
      metadata: { name: 'canary', namespace: MESH_NAMESPACE },
      spec: {
        profile: 'minimal',
        revision: 'canary',
        components: { base: { enabled: false } },
        values: { global: { proxy: { logLevel: 'trace' } } },
      },
    });
    await createNamespace(CANARY, { 'istio.io/rev': 'canary' });
    await waitFor('the webhooks of the revision to be enforced', async () => {
      const found = await client.get({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        name: 'istio-sidecar-injector-canary',
      });
      const webhooks = (found?.['webhooks'] ?? []) as { failurePolicy: string; clientConfig: { caBundle?: string } }[];
      return webhooks.length > 0 && webhooks.every(({ failurePolicy }) => failurePolicy === 'Fail');
    });
    expect(await deployed(CANARY, 'by-namespace', {})).toContain('istio-proxy');
    const stored = await fetchPodOf(CANARY, 'by-namespace');
    expect(stored.metadata.annotations?.['istio.io/rev']).toBe('canary');
    expect(JSON.stringify(stored)).toContain('--proxyLogLevel=trace');
    // A revision that is in use would stay.
    await environment.kubectl(['delete', 'namespace', CANARY, '--timeout=90s']);
    await environment.kubectl(['-n', MESH_NAMESPACE, 'delete', 'iop', 'canary', '--timeout=90s']);
  });
});

describe('another injector that would take the same pods', () => {
  it('is named in a condition, as long as it is there', async () => {
    const other = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'old-sidecar-injector', labels: { app: 'sidecar-injector' } },
      webhooks: [
        {
          name: 'namespace.sidecar-injector.istio.io',
          clientConfig: { url: 'https://127.0.0.1:1/inject' },
          rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
          namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    };
    await environment.kubectl(['apply', '-f', '-'], JSON.stringify(other));
    const condition = await waitForCondition('InjectionConflict');
    expect(condition.message).toContain('old-sidecar-injector');
    await environment.kubectl(['delete', 'mutatingwebhookconfiguration', 'old-sidecar-injector']);
    await waitFor('the condition to go', async () => {
      const found = (await fetchResource())?.status?.conditions ?? [];
      return found.length > 0 && !found.some(({ type }) => type === 'InjectionConflict');
    });
  });
});

describe('a change of revision', () => {
  it('replaces the webhooks instead of taking the old ones for competitors', async () => {
    await applySpec({
      profile: 'default',
      revision: 'next',
      values: { revisionTags: ['default'] },
    });
    await waitForCondition('Ready');
    const configurations = async (): Promise<string> =>
      environment.kubectl(['get', 'mutatingwebhookconfigurations', '-o', 'name']);
    await waitFor('the old webhooks to go', async () => !/sidecar-injector$/m.test(await configurations()));
    expect(await configurations()).toContain('istio-revision-tag-default');
    await waitForCondition('InjectionEnforced');
    expect(await deployed(TEAM, 'by-tag', {})).toContain('istio-proxy');
    expect((await fetchPodOf(TEAM, 'by-tag')).metadata.annotations?.['istio.io/rev']).toBe('next');
    expect((await fetchResource())?.status?.conditions?.map(({ type }) => type)).not.toContain('InjectionConflict');
  });
});

/** Keeps asking for pods until so many are admitted; resolves with what went wrong. */
async function admit(count: number, meanwhile: (() => Promise<unknown>)[]): Promise<string[]> {
  const failures: string[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      const name = `load-${begun}`;
      try {
        const stored = await client.create(pod(TEAM, name), { dryRun: true });
        if (!containersOf(stored).includes('istio-proxy')) failures.push(`${name} has no proxy`);
      } catch (error) {
        failures.push(`${name}: ${String(error)}`);
      }
    }
  };
  const load = Promise.all(Array.from({ length: WORKERS }, worker));
  for (const [step, disturb] of meanwhile.entries()) {
    const share = (count * (step + 1)) / (meanwhile.length + 1);
    await waitFor('a share of the load', () => begun >= share, { timeoutMs: 180_000 });
    await disturb();
  }
  await load;
  return failures;
}

describe('under load', () => {
  it(`no pod of ${ADMISSIONS} is refused or missed while the certificate is replaced and a replica ends`, async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', name: SECRET, namespace: 'sailwright-system' };
    const before = (await client.get(secret))?.metadata['uid'];
    expect(before).toBeDefined();
    const began = performance.now();
    const failures = await admit(ADMISSIONS, [
      () => environment.kubectl(['-n', 'sailwright-system', 'delete', 'secret', SECRET]),
      async () => {
        const [gone, kept] = replicas;
        // The Deployment's preStop gives the Service time to forget a pod before it is asked to end.
        forwarder.use(kept ? [kept.webhookPort] : []);
        expect(await gone?.stop()).toMatchObject({ code: 0 });
        replicas = kept ? [kept] : [];
      },
    ]);
    const seconds = (performance.now() - began) / 1000;
    console.log(`${ADMISSIONS} pods in ${seconds.toFixed(0)} s, ${failures.length} failed`);
    expect(failures).toEqual([]);
    expect((await client.get(secret))?.metadata['uid']).not.toBe(before);
  });
});
