// `sailwright manifest diff -f` as a user runs it, against a cluster with a mesh that a controller installed.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IGNORE_ANNOTATION } from '../../src/api/install/conditions.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const SYSTEM = 'istio-system';
const NAMESPACE = 'manifest-diff-test';

let harness: ControllerHarness;
let folder: string;

beforeAll(async () => {
  harness = await ControllerHarness.start(NAMESPACE);
  folder = await mkdtemp(join(tmpdir(), 'sailwright-diff-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await harness.stop();
});

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function diff(spec: unknown, ...flags: string[]): Promise<Run> {
  const file = join(folder, 'iop.yaml');
  const { apiVersion, kind, name, namespace } = harness.ref();
  await writeFile(file, JSON.stringify({ apiVersion, kind, metadata: { name, namespace }, spec }));
  const args = [MAIN, 'manifest', 'diff', '-f', file, '--kubeconfig', harness.kubeconfig, ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve).on('error', reject);
  });
  return { code, ...output };
}

const titles = ({ stdout }: Run): string[] => stdout.split('\n').filter((line) => /^to \w+: /.test(line));
const inSystem = (...args: string[]): Promise<string> => harness.kubectl(['-n', SYSTEM, ...args]);

it('names what a first installation creates, and writes nothing', async () => {
  const run = await diff({ profile: 'default' });
  expect(run.code, run.stderr).toBe(1);
  expect(titles(run)).toEqual(
    expect.arrayContaining([
      'to create: Namespace istio-system',
      'to create: CustomResourceDefinition virtualservices.networking.istio.io',
      'to create: Deployment istio-system/istiod',
    ]),
  );
  expect(titles(run).filter((title) => !title.startsWith('to create: '))).toEqual([]);
  expect(await harness.admin.get({ apiVersion: 'v1', kind: 'Namespace', name: SYSTEM })).toBeUndefined();
});

it('finds no difference once the operator has installed it', async () => {
  await harness.applySpec({ profile: 'default' });
  await harness.waitForCondition('Ready');
  const run = await diff({ profile: 'default' });
  expect(run).toMatchObject({ code: 0, stdout: '' });
  expect(run.stderr).toMatch(/^no difference \d+\n$/);
});

it('leaves out what an autoscaler and a certificate controller set', async () => {
  await inSystem('scale', 'deployment', 'istio-ingressgateway', '--replicas=3');
  const authority = '{.clusters[0].cluster.certificate-authority-data}';
  const caBundle = await harness.kubectl(['config', 'view', '--raw', '-o', `jsonpath=${authority}`]);
  const [webhook = ''] = (await harness.kubectl(['get', 'validatingwebhookconfigurations', '-o', 'name'])).split('\n');
  const patch = JSON.stringify([{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: caBundle }]);
  await harness.kubectl(['patch', webhook, '--type=json', '-p', patch, '--field-manager=sailwright-ca']);
  await inSystem('annotate', 'deployment', 'istiod', 'example.com/note=theirs');
  expect(await diff({ profile: 'default' })).toMatchObject({ code: 0, stdout: '' });
});

it('names what others set where that is asked for, as the status counts it', async () => {
  const run = await diff({ profile: 'default' }, '--show-foreign');
  expect(run).toMatchObject({
    code: 0,
    stdout:
      'foreign: Deployment istio-system/istiod .metadata.annotations.example.com/note: "theirs" (kubectl-annotate)\n',
  });
  expect(run.stderr).toMatch(/, foreign fields 1\n$/);
  await waitFor('the count', async () => (await harness.fetchStatus())?.foreignFields === 1);
});

it('names what a change creates, changes and removes', async () => {
  const run = await diff({
    profile: 'demo',
    meshConfig: { trustDomain: 'example.org' },
    components: { pilot: { k8s: { resources: { requests: { cpu: '77m' } } } } },
  });
  expect(run.code, run.stderr).toBe(1);
  expect(titles(run)).toEqual(
    expect.arrayContaining([
      'to create: Deployment istio-system/istio-egressgateway',
      'to change: Deployment istio-system/istiod',
      'to change: ConfigMap istio-system/istio',
      'to remove: HorizontalPodAutoscaler istio-system/istiod',
    ]),
  );
  expect(run.stdout).toContain('@@ spec.template.spec.containers[discovery].resources.requests');
  expect(run.stdout).toMatch(/^-\s+cpu: "500m"\n(-.*\n)*\+\s+cpu: "77m"$/m);
  expect(run.stdout).toMatch(/^\+\s+trustDomain: example.org$/m);
  // Defaults of the API server are nobody's.
  expect(run.stdout).not.toContain('progressDeadlineSeconds');
  expect(run.stdout).not.toContain('sailwright.dev/applied-hash');
});

it('takes flags on top of the file', async () => {
  const run = await diff({ profile: 'default' }, '--set', 'meshConfig.trustDomain=other.org');
  expect(titles(run)).toContain('to change: ConfigMap istio-system/istio');
});

it('shows what an upgrade to another minor would change', async () => {
  const run = await diff({ profile: 'default' }, '--istio-version', '1.30');
  expect(run.code, run.stderr).toBe(1);
  expect(titles(run)).toContain('to change: Deployment istio-system/istiod');
  expect(run.stdout).toMatch(/^-\s+image: docker\.io\/istio\/pilot:1\.31/m);
  expect(run.stdout).toMatch(/^\+\s+image: docker\.io\/istio\/pilot:1\.30/m);
  expect((await diff({ profile: 'default' }, '--istio-version', '1.29')).code).toBe(2);
});

it('shows drift, and only the fields that are ours', async () => {
  await harness.kubectl(['-n', NAMESPACE, 'annotate', 'iop', 'mesh', `${IGNORE_ANNOTATION}=true`]);
  await waitFor('the pause', async () => JSON.stringify(await harness.fetchStatus()).includes('Paused'));
  await inSystem('patch', 'service', 'istiod', '--type=merge', '-p', '{"spec":{"selector":{"app":"else"}}}');
  await inSystem('delete', 'configmap', 'istio');
  const run = await diff({ profile: 'default' });
  expect(run.code, run.stderr).toBe(1);
  expect(titles(run)).toEqual(['to create: ConfigMap istio-system/istio', 'to change: Service istio-system/istiod']);
  expect(run.stdout).toContain('-    app: else\n+    app: istiod\n');
  expect(run.stdout).not.toContain('clusterIP');
  expect(run.stderr).toContain(`annotation ${IGNORE_ANNOTATION} is "true": nothing is written until it is removed`);
});

it('ends with 2 where the API server would refuse the change, and tells the ways out', async () => {
  const ingressGateways = [{ name: 'istio-ingressgateway', enabled: true, label: { istio: 'edge' } }];
  const run = await diff({ profile: 'default', components: { ingressGateways } });
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('Deployment istio-system/istio-ingressgateway: spec.selector: field is immutable');
  expect(run.stderr).toContain('sailwright.dev/recreate');
  expect(titles(run)).toContain('to change: Service istio-system/istio-ingressgateway');
});

it('ends with 2 for bad input, each problem with its path', async () => {
  const run = await diff({ profile: 'default', hubb: 'x' });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('spec.hubb');
});

it('ends with 2 when the cluster cannot be reached', async () => {
  const unreachable = join(folder, 'unreachable.kubeconfig');
  const cluster = { name: 'x', cluster: { server: 'https://127.0.0.1:9' } };
  const context = { name: 'x', context: { cluster: 'x', user: 'x' } };
  const users = [{ name: 'x', user: {} }];
  const config = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], contexts: [context], users };
  await writeFile(unreachable, JSON.stringify({ ...config, 'current-context': 'x' }));
  const run = await diff({ profile: 'default' }, '--kubeconfig', unreachable);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('127.0.0.1:9');
});
