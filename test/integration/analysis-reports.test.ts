// Analysis of what a real API server holds: the reports that the leader keeps, and `sailwright analyze` of the cluster.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANALYSIS_REPORT, type AnalysisReport } from '../../src/api/analysis/analysis-report.ts';
import { AnalysisReporter } from '../../src/controllers/analysis-reporter/reporter.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { createApartAnalysis, createWorkers } from '../../src/operator/workers.ts';
import { createSilentLog } from '../../src/telemetry/log.ts';
import { createKubectl, type Kubectl } from '../../testbed/kubectl.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';

const CRDS = join(import.meta.dirname, '../../crds');
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const SHOP = 'shop';
const OPERATOR = 'sailwright-system';

let cluster: ObtainedCluster;
let kubectl: Kubectl;
let client: KubeClient;
const writes: string[] = [];
/** How often the reports were read, which comes with each look. */
let looks = 0;
let reporter: AnalysisReporter;
const workers = createWorkers('background', { log: createSilentLog() });

beforeAll(async () => {
  cluster = await obtainCluster({});
  kubectl = createKubectl(cluster.kubectl, cluster.kubeconfig);
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
  await kubectl(['apply', '--server-side', '-R', '-f', CRDS]);
  await waitFor('the kinds to be served', async () => (await client.scopeOf(ANALYSIS_REPORT)) !== undefined);
  for (const namespace of [SHOP, OPERATOR]) await kubectl(['create', 'namespace', namespace]);
  await waitFor('a VirtualService to be taken', async () => (await apply(virtualService())).includes('virtualservice'));
  reporter = startReporter(50);
});
afterAll(async () => {
  await reporter.stopLeading();
  await workers.stop();
  client.close();
  await cluster.stop();
});

function startReporter(everyMs: number): AnalysisReporter {
  const api = client.scoped({ onWrite: ({ verb, ref }) => writes.push(`${verb} ${ref.kind}`) });
  const list: KubeClient['list'] = (kind, options) => {
    if (kind.kind === ANALYSIS_REPORT.kind) looks += 1;
    return api.list(kind, options);
  };
  const counting = { list, apply: api.apply.bind(api), delete: api.delete.bind(api) };
  const analyze = createApartAnalysis(workers);
  const started = new AnalysisReporter({
    api: counting,
    log: createSilentLog(),
    namespace: OPERATOR,
    everyMs,
    analyze,
  });
  started.startLeading();
  return started;
}

function virtualService(): object {
  const http = [{ route: [{ destination: { host: 'web' } }] }];
  const metadata = { name: 'web', namespace: SHOP };
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec: { hosts: ['web'], http } };
}

async function apply(object: object): Promise<string> {
  return kubectl(['apply', '-f', '-'], JSON.stringify(object)).catch(() => '');
}

async function listReports(): Promise<(KubeObject & AnalysisReport)[]> {
  return (await client.list(ANALYSIS_REPORT)).items as unknown as (KubeObject & AnalysisReport)[];
}

async function findReport(): Promise<AnalysisReport | undefined> {
  return (await listReports()).find(({ metadata }) => metadata.namespace === SHOP);
}

describe('sailwright analyze of a cluster', () => {
  it('finds what files would show', async () => {
    const args = [MAIN, 'analyze', '--kubeconfig', cluster.kubeconfig];
    const { code, stdout } = await new Promise<{ code: unknown; stdout: string }>((resolve) =>
      execFile(process.execPath, args, (error, out) => resolve({ code: error?.code ?? 0, stdout: out })),
    );
    expect(stdout).toMatch(/IST0101.*VirtualService shop\/web.*spec\.http\[0\]\.route\[0\]\.destination\.host/);
    expect(code).toBe(1);
  });
});

describe('the reports of analysis', () => {
  it('tell what is wrong in a namespace', async () => {
    await waitFor('the report', async () => (await findReport()) !== undefined);
    const report = await findReport();
    expect(report?.summary).toEqual({ errors: 1, warnings: 0 });
    expect(report?.findings).toEqual([
      expect.objectContaining({
        code: 'IST0101',
        level: 'Error',
        kind: 'VirtualService',
        resource: 'web',
        path: 'spec.http[0].route[0].destination.host',
      }),
    ]);
    expect(await kubectl(['-n', SHOP, 'get', 'analysisreports'])).toMatch(/sailwright +1 +0/);
  });

  it('are written once for as long as nothing changes', async () => {
    writes.length = 0;
    // The first of three may have begun before.
    const before = looks;
    await waitFor('two more looks', () => Promise.resolve(looks >= before + 3));
    expect(writes).toEqual([]);
  });

  it('are put back when somebody changes them', async () => {
    const wrong = JSON.stringify({ summary: { errors: 7 } });
    await kubectl(['-n', SHOP, 'patch', 'analysisreports', 'sailwright', '--type=merge', '-p', wrong]);
    await waitFor('the true report', async () => (await findReport())?.summary.errors === 1);
  });

  it('go when the mistakes are gone', async () => {
    await kubectl(['-n', SHOP, 'create', 'service', 'clusterip', 'web', '--tcp=80']);
    await waitFor('the end of the report', async () => (await findReport()) === undefined);
  });

  it('go when analysis is turned off', async () => {
    await kubectl(['-n', SHOP, 'delete', 'service', 'web']);
    await waitFor('the report', async () => (await findReport()) !== undefined);
    await reporter.stopLeading();
    reporter = startReporter(0);
    await waitFor('the end of all reports', async () => (await listReports()).length === 0);
  });
});
