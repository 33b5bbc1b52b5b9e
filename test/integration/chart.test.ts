// The Helm chart by the real helm: linted, held against config/default, installed, upgraded, removed.
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { objectKey, refOf, type KubeObject } from '../../src/core/kube-object.ts';
import { ensureHelm } from '../../testbed/helm-program.ts';
import { createKubectl, type Kubectl } from '../../testbed/kubectl.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { renderChart } from '../../tools/chart/render-chart.ts';
import { readManifests } from '../../tools/release/read-manifests.ts';
import { packChart } from '../../tools/release/pack-chart.ts';
import { renderStaticManifest } from '../../tools/release/static-manifest.ts';

const NAMESPACE = 'sailwright-system';
const CRDS = [
  'analysisreports.sailwright.dev',
  'istiooperators.install.istio.io',
  'mutualtlsmigrations.sailwright.dev',
  'proxyrollouts.sailwright.dev',
  'trafficshifts.sailwright.dev',
];
const run = promisify(execFile);

const why = spawnSync('go', ['version']).status === 0 ? undefined : 'helm is built by Go, which is not there';
if (why !== undefined) console.warn(`the chart by helm: skipped, ${why}`);

let folder: string;
let helm: (...args: string[]) => Promise<string>;

describe.skipIf(why !== undefined)('the chart', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sailwright-chart-'));
    const program = await ensureHelm((line) => process.stderr.write(`  ${line}\n`));
    const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
    helm = async (...args) =>
      (await run(program, args, { env: { ...process.env, ...homes }, maxBuffer: 32_000_000 })).stdout;
    await writeFile(join(folder, 'packed.tgz'), packChart('0.1.0'));
    await writeChart('first', renderChart('0.1.0'));
    await writeChart('second', nextVersion());
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('passes lint', async () => {
    expect(await helm('lint', '--strict', join(folder, 'packed.tgz'))).toContain('0 chart(s) failed');
  });

  it('installs with its defaults what config/default does', async () => {
    const shorten = (text: string): Map<string, unknown> =>
      new Map([...byKey(text)].map(([key, object]) => [key, withoutWhatTheChartAdds(object)]));
    const expected = shorten(renderStaticManifest('0.1.0', 'sailwright:0.1.0'));
    expected.delete(`/Namespace//${NAMESPACE}`);
    expect(shorten(await template('packed.tgz'))).toEqual(expected);
  });

  it('keeps what only looks like a template: alerts and the dashboard', async () => {
    const parts = ['rules', 'dashboard', 'mesh', 'serviceMonitor'].map((name) => `monitoring.${name}.enabled=true`);
    const rendered = byKey(await template('packed.tgz', ...parts));
    for (const { object } of readManifests('monitoring')) {
      const found = rendered.get(objectKey(refOf(object)));
      expect(found && withoutWhatTheChartAdds(found)).toEqual(withoutWhatTheChartAdds(object));
    }
  });

  it.each<[what: string, values: string[], expected: RegExp]>([
    ['a misspelled value', ['replica=3'], /additional properties 'replica' not allowed/],
    ['a misspelled value within another', ['image.tga=x'], /additional properties 'tga' not allowed/],
    ['a value of another type', ['replicas=0'], /minimum: got 0, want 1/],
    ['a choice that is none', ['certificate.source=vault'], /must be one of 'operator', 'cert-manager'/],
  ])('refuses %s', async (_what, values, expected) => {
    await expect(template('packed.tgz', ...values)).rejects.toThrow(expected);
  });

  it('renders every choice of its values as objects', async () => {
    const text = await template(
      'packed.tgz',
      'certificate.source=cert-manager',
      'rights.namespaces={mesh-a,mesh-b}',
      'rights.externalCA=true',
      'networkPolicy.enabled=false',
      'crds.keep=false',
      'monitoring.serviceMonitor.enabled=true',
      'monitoring.serviceMonitor.labels.release=prometheus',
      'controlPlaneNamespaces={mesh-a,mesh-b}',
      'extraArgs={--analysis-interval=0}',
      `image.digest=sha256:${'0'.repeat(64)}`,
      'podLabels.team=mesh',
      'nodeSelector.disk=fast',
    );
    const objects = [...byKey(text).values()];
    const found = (kind: string, name: string): KubeObject[] =>
      objects.filter((object) => object.kind === kind && object.metadata.name === name);
    expect(found('RoleBinding', 'sailwright-namespace-grants').map(({ metadata }) => metadata.namespace)).toEqual([
      'mesh-a',
      'mesh-b',
    ]);
    expect(found('ClusterRoleBinding', 'sailwright-namespace-grants')).toEqual([]);
    expect(found('NetworkPolicy', 'sailwright')).toEqual([]);
    expect(found('ServiceMonitor', 'sailwright')[0]?.metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(found('Certificate', 'sailwright-webhook')).toHaveLength(1);
    const deployment = JSON.stringify(found('Deployment', 'sailwright'));
    for (const part of [
      '--control-plane-namespaces=mesh-a,mesh-b',
      '--analysis-interval=0',
      'sailwright@sha256:000',
      '"team":"mesh"',
      '"disk":"fast"',
      'sailwright-webhook-cert-manager',
    ])
      expect(deployment).toContain(part);
  });

  describe.skipIf(Boolean(process.env['KUBECONFIG']))('in a cluster', () => {
    let cluster: ObtainedCluster;
    let kubectl: Kubectl;
    let inCluster: (...args: string[]) => Promise<string>;
    const read = (...args: string[]): Promise<string> => kubectl(['get', ...args]);

    beforeAll(async () => {
      cluster = await obtainCluster({});
      kubectl = createKubectl(cluster.kubectl, cluster.kubeconfig);
      inCluster = (...args) => helm(...args, '--namespace', NAMESPACE, '--kubeconfig', cluster.kubeconfig);
    });
    afterAll(() => cluster.stop());

    it('is installed, and serves IstioOperators', async () => {
      await inCluster(
        'install',
        'sailwright',
        join(folder, 'packed.tgz'),
        '--create-namespace',
        '--wait',
        '--timeout',
        '60s',
      );
      const ready = await read('deployment', 'sailwright', '-n', NAMESPACE, '-o', 'jsonpath={.status.readyReplicas}');
      expect(ready).toBe('2');
      await kubectl(['create', 'namespace', 'istio-system']);
      await kubectl(['apply', '-f', join(import.meta.dirname, '../../config/samples/istiooperator-default.yaml')]);
    });

    it('changes nothing when it is upgraded to what it is', async () => {
      const versions = async (): Promise<string> => {
        const kinds =
          'clusterroles,clusterrolebindings,roles,rolebindings,services,deployments,crds,validatingwebhookconfigurations';
        const path = '{range .items[*]}{.kind} {.metadata.name} {.metadata.generation} {.metadata.labels}{"\\n"}{end}';
        return read(kinds, '-A', '-l', 'app.kubernetes.io/managed-by=Helm', '-o', `jsonpath=${path}`);
      };
      const before = await versions();
      await inCluster('upgrade', 'sailwright', join(folder, 'packed.tgz'));
      expect(await versions()).toBe(before);
      expect(before).toContain('Deployment sailwright 1');
    });

    it('upgrades the definitions as well', async () => {
      const columns = (): Promise<string> =>
        read('crd', CRDS[1] ?? '', '-o', 'jsonpath={.spec.versions[0].additionalPrinterColumns[*].name}');
      expect(await columns()).not.toContain('Spare');
      await inCluster(
        'upgrade',
        'sailwright',
        join(folder, 'second'),
        '--set',
        'replicas=3',
        '--wait',
        '--timeout',
        '60s',
      );
      expect(await columns()).toContain('Spare');
      const ready = await read('deployment', 'sailwright', '-n', NAMESPACE, '-o', 'jsonpath={.status.readyReplicas}');
      expect(ready).toBe('3');
    });

    it('leaves definitions and meshes when it is removed, and takes them up when it comes back', async () => {
      await inCluster('uninstall', 'sailwright', '--wait', '--timeout', '60s');
      const rest =
        'deployments,services,serviceaccounts,clusterroles,clusterrolebindings,roles,rolebindings,validatingwebhookconfigurations,networkpolicies,poddisruptionbudgets';
      expect(await read(rest, '-A', '-l', 'app.kubernetes.io/name=sailwright', '-o', 'name')).toBe('');
      expect((await read('crds', '-o', 'name')).trim().split('\n').sort()).toEqual(
        CRDS.map((name) => `customresourcedefinition.apiextensions.k8s.io/${name}`),
      );
      expect(await read('iop', '-A', '-o', 'name')).toContain('istiooperator.install.istio.io/istio');
      await inCluster('install', 'sailwright', join(folder, 'second'));
      expect(await read('deployment', '-n', NAMESPACE, '-o', 'name')).toContain('sailwright');
    });
  });
});

async function template(chart: string, ...values: string[]): Promise<string> {
  const sets = values.flatMap((value) => ['--set', value]);
  return helm('template', 'sailwright', join(folder, chart), '-n', NAMESPACE, '--kube-version', '1.36', ...sets);
}

async function writeChart(name: string, files: Map<string, string>): Promise<void> {
  for (const [path, text] of files) {
    const target = join(folder, name, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/** A later version whose definition has one column more. */
function nextVersion(): Map<string, string> {
  const column = '      additionalPrinterColumns:\n';
  const spare = `${column}        - {name: Spare, type: string, jsonPath: .spec.profile}\n`;
  const files = [...renderChart('0.2.0')].map(([path, text]): [string, string] => [path, text.replace(column, spare)]);
  return new Map(files);
}

function byKey(text: string): Map<string, KubeObject> {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as KubeObject | null);
  return new Map(documents.flatMap((object) => (object ? [[objectKey(refOf(object)), object] as const] : [])));
}

/** Labels that name the chart, the annotation that keeps definitions, and the flag of the log level. */
function withoutWhatTheChartAdds(object: KubeObject): unknown {
  const { labels = {}, annotations, ...metadata } = object.metadata;
  const own = Object.entries(labels).filter(
    ([key]) => !/^(helm\.sh\/chart|app\.kubernetes\.io\/(version|managed-by))$/.test(key),
  );
  const kept = Object.entries(annotations ?? {}).filter(([key]) => key !== 'helm.sh/resource-policy');
  const plain = {
    ...object,
    metadata: { ...metadata, labels: Object.fromEntries(own), annotations: Object.fromEntries(kept) },
  };
  return JSON.parse(JSON.stringify(plain).replace(',"--log-level=info"', '')) as unknown;
}
