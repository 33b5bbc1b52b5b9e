// A mesh and the releases of Istio: an operator that knows a newer one tells of it and upgrades nothing by itself; an
// annotation upgrades; pods and resources are always judged by the release that is installed.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { K8s, kind } from 'kubernetes-fluent-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Forwarder } from '../../testbed/forwarder.ts';
import { conditionOf } from '../../testbed/istio-operator-condition.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { fetchOperatorWrites } from './support/audit.ts';
import { Environment } from './support/environment.ts';
import { fetchMetricSum } from './support/metrics.ts';
import { PASSES_METRIC } from './support/names.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { fetchResource, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const MAIN = join(import.meta.dirname, '../../dist/sailwright.js');
const TEAM = 'versions-team';
const VERSION = 'sailwright.dev/istio-version';

let environment: Environment;
let forwarder: Forwarder;
let operator: OperatorProcess;

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  operator = await startOperator('versions-1');
  const resource = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: MESH_NAME, namespace: MESH_NAMESPACE, annotations: { [VERSION]: '1.30' } },
    spec: { profile: 'minimal' },
  };
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(resource));
  await waitForCondition('Ready');
  await waitForCondition('InjectionEnforced');
  await waitForCondition('ValidationEnforced');
  const namespace = { metadata: { name: TEAM, labels: { 'istio-injection': 'enabled' } } };
  await environment.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', ...namespace }),
  );
  await waitFor('the default ServiceAccount', () =>
    environment.kubectl(['-n', TEAM, 'get', 'serviceaccount', 'default']).then(() => true),
  );
});

afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

function startOperator(name: string): Promise<OperatorProcess> {
  return startReachedOperator(environment, forwarder, { name });
}

async function fetchImage(name = 'istiod'): Promise<string | undefined> {
  const istiod = await K8s(kind.Deployment).InNamespace(MESH_NAMESPACE).Get(name);
  return istiod.spec?.template.spec?.containers[0]?.image;
}

/** What `kubectl apply` would say of an object. */
async function attempt(object: object): Promise<string> {
  const args = ['apply', '-f', '-', '--dry-run=server'];
  return environment.kubectl(args, JSON.stringify(object)).catch((error: unknown) => String(error));
}

/** In 1.31 a namespace may be left out; for 1.30 that is no host. */
function sidecar(labels: Record<string, string> = {}, name = 'all'): object {
  const metadata = { name, namespace: TEAM, labels };
  const spec = { egress: [{ hosts: [`~${TEAM}/*`, 'prod/*'] }] };
  return { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata, spec };
}

/** 1.31 came to refuse ports that nobody can scrape. */
function scrapedPod(labels: Record<string, string> = {}): object {
  const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15090' };
  const spec = { containers: [{ name: 'app', image: 'app' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: TEAM, labels, annotations }, spec };
}

async function annotate(value: string): Promise<void> {
  await environment.kubectl(['-n', MESH_NAMESPACE, 'annotate', 'iop', MESH_NAME, '--overwrite', value]);
}

async function analyze(...flags: string[]): Promise<string> {
  const args = [MAIN, 'analyze', '--kubeconfig', environment.cluster.kubeconfig, '-n', TEAM, ...flags];
  const done = promisify(execFile)(process.execPath, args).catch((error: { stdout: string; stderr: string }) => error);
  const { stdout, stderr } = await done;
  expect(stderr).toBe('');
  return stdout;
}

describe('a mesh of an older release', () => {
  it('is what the annotation asks for, and says that something newer is there', async () => {
    expect(await fetchImage()).toBe('docker.io/istio/pilot:1.30.8');
    const { reason, message } = await waitForCondition('UpgradeAvailable');
    expect(reason).toBe('NewerRelease');
    expect(message).toMatch(/^newer than 1\.30\.8: 1\.31\.\d+; support of 1\.30 ends /);
    expect((await fetchResource())?.status?.istioVersion).toBe('1.30');
  });

  it('keeps its release without the annotation, also when the operator starts anew', async () => {
    await annotate(`${VERSION}-`);
    await operator.stop();
    const since = new Date();
    operator = await startOperator('versions-2');
    await annotate(`e2e.sailwright.dev/pass=${Date.now()}`);
    await waitFor('a pass', async () => (await fetchMetricSum(operator, PASSES_METRIC)) > 0);
    await waitForCondition('Ready');
    await waitForCondition('UpgradeAvailable');
    expect(await fetchImage()).toBe('docker.io/istio/pilot:1.30.8');
    const auditLog = environment.cluster.embedded?.auditLogPath;
    if (auditLog === undefined) return;
    const written = await fetchOperatorWrites(auditLog, since);
    expect(written.filter(({ objectRef }) => objectRef?.resource === 'deployments')).toEqual([]);
  });

  it('has its own rules for resources and pods', async () => {
    expect(await attempt(sidecar())).toContain('spec.egress[0].hosts[0]');
    expect(await attempt(scrapedPod())).toContain('created');
  });
});

describe('an upgrade by the annotation', () => {
  it('brings the other release', async () => {
    await annotate(`${VERSION}=1.31`);
    await waitFor('the new image', async () => /:1\.31\./.test((await fetchImage()) ?? ''));
    await waitForCondition('Ready');
    const resource = await waitFor('the status', async () => {
      const found = await fetchResource();
      return found?.status?.istioVersion === '1.31' ? found : undefined;
    });
    expect(conditionOf(resource, 'UpgradeAvailable')).toMatchObject({ status: 'False', reason: 'NewestRelease' });
  });

  it('brings its rules for resources and pods', async () => {
    await waitFor('the rules of 1.31', async () => (await attempt(sidecar())).includes('created'));
    await waitFor('the injection of 1.31', async () => (await attempt(scrapedPod())).includes('15090'));
  });
});

describe('a second revision of another release', () => {
  it('counts where it reads resources and injects pods', async () => {
    const old = {
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: { name: 'old', namespace: MESH_NAMESPACE, annotations: { [VERSION]: '1.30' } },
      spec: { profile: 'minimal', revision: 'old' },
    };
    await environment.kubectl(['apply', '-f', '-'], JSON.stringify(old));
    await waitFor('istiod-old', async () => (await fetchImage('istiod-old').catch(() => '')) !== '', {
      timeoutMs: 60_000,
    });
    // Both read what has no label: what one of them refuses is refused.
    await waitFor('both to count', async () => (await attempt(sidecar())).includes('(so Istio 1.30, '));
    expect(await attempt(sidecar({ 'istio.io/rev': 'default' }))).toContain('created');
    await waitFor('the revision to judge', async () =>
      (await attempt(sidecar({ 'istio.io/rev': 'old' }))).includes('spec.egress[0].hosts[0]'),
    );
    const name = 'versions-old';
    const labels = { 'istio.io/rev': 'old' };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    await environment.kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
    const pod = { ...scrapedPod(), metadata: { ...(scrapedPod() as { metadata: object }).metadata, namespace: name } };
    await waitFor('the pod to be let in', async () => (await attempt(pod)).includes('created'));
    expect(await attempt(scrapedPod())).toContain('15090');
  });

  it('is what stored resources are looked at by', async () => {
    await environment.kubectl(['apply', '-f', '-'], JSON.stringify(sidecar({ 'istio.io/rev': 'default' })));
    expect(await analyze()).not.toContain('IST0106');
    // It keeps what it had: an update is not refused for that.
    await environment.kubectl(['-n', TEAM, 'label', 'sidecar', 'all', 'istio.io/rev=old', '--overwrite']);
    expect(await analyze()).toMatch(/IST0106.*spec\.egress\[0\]\.hosts\[0\]/);
    expect(await analyze('--istio-version', '1.31')).not.toContain('IST0106');
    await waitFor('the audit', async () => (await fetchMetricSum(operator, 'sailwright_invalid_resources')) === 1);
    await environment.kubectl(['-n', TEAM, 'label', 'sidecar', 'all', 'istio.io/rev=default', '--overwrite']);
    await waitFor('the audit', async () => (await fetchMetricSum(operator, 'sailwright_invalid_resources')) === 0);
  });

  it('stops counting when it is removed', async () => {
    await environment.kubectl(['-n', TEAM, 'label', 'sidecar', 'all', 'istio.io/rev-']);
    await waitFor('the audit', async () => (await fetchMetricSum(operator, 'sailwright_invalid_resources')) === 1);
    await environment.kubectl(['delete', 'namespace', 'versions-old', '--wait=false']);
    await environment.kubectl(['-n', MESH_NAMESPACE, 'delete', 'iop', 'old', '--timeout=60s']);
    await waitFor('the rules of 1.31 alone', async () => (await attempt(sidecar({}, 'new'))).includes('created'));
    await waitFor(
      'all to be judged anew',
      async () => (await fetchMetricSum(operator, 'sailwright_invalid_resources')) === 0,
    );
  });
});
