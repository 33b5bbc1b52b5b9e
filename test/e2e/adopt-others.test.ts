// A mesh that the real helm installed, gateway chart included, and one of Istio's former operator become ours and go back.
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { ensureHelm } from '../../testbed/helm-program.ts';
import { waitFor } from '../../testbed/wait.ts';
import type { Environment } from './support/environment.ts';
import { FormerInjector } from './support/former-injector.ts';
import { FormerMesh, GATEWAY, INJECTOR, ISTIOD, ref, SPEC, templateOf, withMetadata } from './support/former-mesh.ts';
import { GATEWAY_CHART } from './support/gateway-chart.ts';
import { MESH_NAMESPACE } from './support/resource.ts';

let mesh: FormerMesh;
let environment: Environment;
let admin: KubeClient;
let former: FormerInjector;

beforeAll(async () => {
  former = await FormerInjector.start();
  mesh = await FormerMesh.start();
  ({ environment, admin } = mesh);
  await environment.startOperator('operator');
});
afterAll(async () => {
  await mesh.stop();
  await former.stop();
});

const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo) console.warn('a mesh of the real helm: skipped, helm is built by Go, which is not there');

describe.skipIf(!hasGo)('a mesh of the real helm', () => {
  const NAMESPACE = 'istio-ingress';
  const EDGE: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NAMESPACE, name: 'istio-ingress' };
  let helm: (...args: string[]) => Promise<string>;
  let template: unknown;
  let pods: string[];

  const chartOf = (name: string): string => join(environment.folder, 'charts', name);
  const releases = async (): Promise<string[]> => {
    const listed = JSON.parse(await helm('list', '-A', '-o', 'json')) as { name: string; status: string }[];
    return listed.map(({ name, status }) => `${name} ${status}`).sort();
  };

  async function writeChart(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    const about = { apiVersion: 'v2', name, version: '1.31.4', appVersion: '1.31.4' };
    for (const [path, text] of Object.entries({ 'Chart.yaml': JSON.stringify(about), ...files })) {
      const file = join(chartOf(name), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** A chart that renders these objects, whatever they hold. */
  const ofObjects = (objects: readonly KubeObject[]): Record<string, string> => ({
    'objects.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n'),
    'templates/all.yaml': '{{ .Files.Get "objects.yaml" }}',
  });

  beforeAll(async () => {
    const program = await ensureHelm((line) => process.stderr.write(`  ${line}\n`));
    const homes = { HELM_CACHE_HOME: chartOf(''), HELM_CONFIG_HOME: chartOf(''), HELM_DATA_HOME: chartOf('') };
    helm = async (...args) => {
      const env = { ...process.env, ...homes, KUBECONFIG: environment.cluster.kubeconfig };
      return (await promisify(execFile)(program, args, { env })).stdout;
    };
    const rendered = await mesh.render({
      ...SPEC,
      profile: 'minimal',
      components: {},
      values: { defaultRevision: 'default' },
    });
    const objects = rendered
      .filter(({ kind }) => kind !== 'CustomResourceDefinition')
      .map((one) => former.calledBy(one));
    const isOfBase = ({ metadata: { labels, name } }: KubeObject): boolean =>
      labels?.['helm.sh/chart']?.startsWith('base-') === true || name === 'istiod-default-validator';
    await writeChart('base', ofObjects(objects.filter(isOfBase)));
    await writeChart('istiod', ofObjects(objects.filter((object) => !isOfBase(object))));
    await writeChart('gateway', GATEWAY_CHART);
    await helm('install', 'istio-base', chartOf('base'), '-n', MESH_NAMESPACE);
    await helm(
      'install',
      'istiod',
      chartOf('istiod'),
      '-n',
      MESH_NAMESPACE,
      '--set',
      'meshConfig.accessLogFile=/dev/stdout',
    );
    await former.writeBundles(admin);
    await helm('install', 'istio-ingress', chartOf('gateway'), '-n', NAMESPACE, '--create-namespace');
    await mesh.waitForPods([ISTIOD, EDGE]);
    template = templateOf(await mesh.get(EDGE));
    pods = await mesh.podsOf(EDGE);
  });

  it('is planned from its releases: nothing but istiod restarts', async () => {
    const { code, out, err } = await mesh.adopt();
    expect([code, err]).toEqual([0, expect.stringContaining('pods restart: Deployment istio-system/istiod\n')]);
    expect(out).toContain(
      'from releases of Helm: istio-ingress/istio-ingress, istio-system/istio-base, istio-system/istiod',
    );
    expect(out).not.toContain('not kept:');
  });

  it('becomes ours with the pods of its gateway, and helm can take nothing away', async () => {
    const { code, err } = await mesh.adopt('--yes', '--timeout', '120');
    expect([code, err]).toEqual([0, expect.stringContaining('hid from Helm')]);
    const gateway = await mesh.get(EDGE);
    expect(gateway.metadata.labels).toMatchObject({ 'sailwright.dev/managed': 'true' });
    expect(templateOf(gateway)).toEqual(template);
    expect(await mesh.podsOf(EDGE)).toEqual(pods);
    expect(await releases()).toEqual([]);
    await expect(helm('uninstall', 'istio-ingress', '-n', NAMESPACE)).rejects.toThrow(/not found/);
    expect(await mesh.podsOf(EDGE)).toEqual(pods);
  });

  it('goes back to helm, which upgrades and removes it as before', async () => {
    const { code, err } = await mesh.adopt('--undo', '--timeout', '120');
    expect([code, err]).toEqual([0, expect.stringContaining('gave back')]);
    expect(await releases()).toEqual(['istio-base deployed', 'istio-ingress deployed', 'istiod deployed']);
    await helm('upgrade', 'istio-ingress', chartOf('gateway'), '-n', NAMESPACE);
    expect(templateOf(await mesh.get(EDGE))).toEqual(template);
    expect(await mesh.podsOf(EDGE)).toEqual(pods);
    await helm('uninstall', 'istio-ingress', '-n', NAMESPACE, '--wait');
    for (const name of ['istiod', 'istio-base']) await helm('uninstall', name, '-n', MESH_NAMESPACE, '--wait');
    expect(await admin.get(ISTIOD)).toBeUndefined();
    expect(await admin.get(INJECTOR)).toBeUndefined();
  });
});

describe("a mesh of Istio's former operator", () => {
  const FINALIZER = 'istio-finalizer.install.istio.io';
  const RESOURCE = { ...ref('install.istio.io/v1alpha1', 'IstioOperator', 'mesh') };
  const OPERATOR: ObjectRef = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'istio-operator',
    name: 'istio-operator',
  };
  const OWNERS = {
    'install.operator.istio.io/owning-resource': RESOURCE.name,
    'install.operator.istio.io/owning-resource-namespace': MESH_NAMESPACE,
    'operator.istio.io/managed': 'Reconcile',
  };
  let pods: string[];

  const replicasOf = async (): Promise<unknown> =>
    ((await mesh.get(OPERATOR))['spec'] as { replicas: number }).replicas;
  const finalizers = async (): Promise<unknown> => (await mesh.get(RESOURCE)).metadata['finalizers'];

  /** What stands in for it: a Deployment with its image, which writes nothing. */
  function standIn(): KubeObject {
    const labels = { name: OPERATOR.name };
    const containers = [{ name: 'istio-operator', image: 'registry.example/istio/operator:1.23.4' }];
    const template = { metadata: { labels }, spec: { containers } };
    const { apiVersion, kind, namespace = '', name } = OPERATOR;
    return {
      apiVersion,
      kind,
      metadata: { namespace, name },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    };
  }

  /** What is the former operator's still at the first moment in which its finalizer is gone. */
  async function watchFinalizer(signal: AbortSignal): Promise<string[]> {
    while (!signal.aborted) {
      const held = await finalizers();
      if (!Array.isArray(held) || held.includes(FINALIZER)) continue;
      const objects = await Promise.all([ISTIOD, GATEWAY, INJECTOR].map((one) => mesh.get(one)));
      const theirs = objects.filter(({ metadata }) => metadata.labels?.['sailwright.dev/managed'] !== 'true');
      return [...theirs.map(({ kind }) => kind), `${String(await replicasOf())} replicas`];
    }
    return ['the finalizer stayed'];
  }

  beforeAll(async () => {
    await environment.kubectl(['create', 'namespace', 'istio-operator']);
    await environment.kubectl(['apply', '-f', '-'], JSON.stringify(standIn()));
    const objects = await mesh.render(SPEC);
    await mesh.install(
      objects.map((object) => withMetadata(former.calledBy(object), OWNERS, {})),
      'istio-operator',
    );
    await former.writeBundles(admin);
    pods = await mesh.podsOf(GATEWAY);
    const { apiVersion, kind, namespace = '', name } = RESOURCE;
    await admin.apply(
      { apiVersion, kind, metadata: { namespace, name, finalizers: [FINALIZER] }, spec: SPEC },
      { fieldManager: 'former', force: true },
    );
  });

  it('stays with it without consent', async () => {
    await waitFor('the operator to hold it back', async () =>
      JSON.stringify((await mesh.get(RESOURCE))['status'] ?? {}).includes('AdoptionRequired'),
    );
    expect(await finalizers()).toContain(FINALIZER);
    const { code, out } = await mesh.adopt();
    expect(code).toBe(0);
    expect(out).toContain(`IstioOperator ${MESH_NAMESPACE}/${RESOURCE.name}`);
    expect(await replicasOf()).toBe(2);
  });

  it('becomes ours: the operator stops first, and its finalizer goes last', async () => {
    const ended = new AbortController();
    const atLast = watchFinalizer(ended.signal);
    const { code, err } = await mesh.adopt('--yes', '--timeout', '120');
    expect([code, err]).toEqual([0, expect.stringContaining('stopped Deployment istio-operator/istio-operator')]);
    ended.abort();
    expect(await atLast).toEqual(['0 replicas']);
    expect(await finalizers()).toEqual(['sailwright.dev/finalizer']);
    expect(await mesh.podsOf(GATEWAY)).toEqual(pods);
  });

  it('goes back: its operator runs again, and holds its resource', async () => {
    const { code, err } = await mesh.adopt('--undo', '--timeout', '120');
    expect([code, err]).toEqual([0, expect.stringContaining('gave back')]);
    const resource = await mesh.get(RESOURCE);
    expect(resource.metadata['finalizers']).toEqual([FINALIZER]);
    expect(resource['spec']).toEqual(SPEC);
    expect(resource.metadata.annotations).toMatchObject({ 'install.istio.io/ignoreReconcile': 'true' });
    expect(await replicasOf()).toBe(2);
    expect((await mesh.get(GATEWAY)).metadata.labels).toMatchObject(OWNERS);
    expect(await mesh.podsOf(GATEWAY)).toEqual(pods);
  });
});
