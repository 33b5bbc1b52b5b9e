// The world that analysis at admission looks into follows a real API server.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ANALYSIS_LABEL } from '../../src/api/our-names.ts';
import type { JsonObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { InformerPool } from '../../src/kube/informer-pool.ts';
import { createSilentLog } from '../../src/telemetry/log.ts';
import { InjectionRegistry } from '../../src/webhooks/inject/injection-registry.ts';
import { AdmissionAnalyzer, type AnalysisAnswer } from '../../src/webhooks/validate/admission-analysis.ts';
import { createKubectl, type Kubectl } from '../../testbed/kubectl.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';

const CRDS = join(import.meta.dirname, '../../crds/istio');
const SHOP = 'shop';

let cluster: ObtainedCluster;
let kubectl: Kubectl;
let client: KubeClient;
let registry: InjectionRegistry;
let analyzer: AdmissionAnalyzer;

beforeAll(async () => {
  cluster = await obtainCluster({});
  kubectl = createKubectl(cluster.kubectl, cluster.kubeconfig);
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
  const parts = { informers: new InformerPool({ api: client }), log: createSilentLog() };
  registry = new InjectionRegistry({ ...parts, endpoint: {} });
  const { namespaces, configMaps } = registry;
  analyzer = new AdmissionAnalyzer({ ...parts, namespaces, configMaps });
  await kubectl(['create', 'namespace', SHOP]);
});
afterAll(async () => {
  await analyzer.stop();
  await registry.stop();
  client.close();
  await cluster.stop();
});

function virtualService(host: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: SHOP },
    spec: { hosts: ['web'], http: [{ route: [{ destination: { host } }] }], ...more },
  };
}

const codes = ({ errors, warnings }: AnalysisAnswer): object => {
  const code = ({ message }: { message: string }): string => message.slice(0, 7);
  return { errors: errors.map(code), warnings: warnings.map(code) };
};

const NOTHING = { errors: [], warnings: [] };
const SILENCE = { ...NOTHING, isUnsettled: false };

/** Waits until the analyzer answers so about the VirtualService. */
async function waitForAnswer(object: JsonObject, expected: object): Promise<void> {
  const wanted = JSON.stringify(expected);
  await waitFor(`the answer ${wanted}`, () =>
    Promise.resolve(JSON.stringify(codes(analyzer.judge({ object }))) === wanted),
  );
}

it('is silent until everything was read', () => {
  expect(analyzer.judge({ object: virtualService('nowhere') })).toEqual(SILENCE);
});

it('starts without the kinds of Istio', async () => {
  registry.start();
  analyzer.start();
  await waitForAnswer(virtualService('nowhere'), { errors: [], warnings: ['IST0101'] });
});

it('follows what is created and deleted', async () => {
  await kubectl(['-n', SHOP, 'create', 'service', 'clusterip', 'web', '--tcp=80']);
  await waitForAnswer(virtualService('web'), NOTHING);
  await kubectl(['-n', SHOP, 'delete', 'service', 'web']);
  await waitForAnswer(virtualService('web'), { errors: [], warnings: ['IST0101'] });
});

it('follows kinds that are defined later, and their updates', async () => {
  await kubectl(['apply', '--server-side', '-f', CRDS]);
  const entry = (host: string): string =>
    JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'api', namespace: SHOP },
      spec: { hosts: [host], resolution: 'DNS', ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }] },
    });
  const apply = (host: string): Promise<string> => kubectl(['apply', '-f', '-'], entry(host));
  await waitFor('a ServiceEntry to be taken', async () => (await apply('a.example.com').catch(() => '')) !== '');
  await waitForAnswer(virtualService('a.example.com'), NOTHING);
  await apply('b.example.com');
  await waitForAnswer(virtualService('b.example.com'), NOTHING);
  await waitForAnswer(virtualService('a.example.com'), { errors: [], warnings: ['IST0101'] });
});

it('does what the namespace asks for', async () => {
  await kubectl(['label', 'namespace', SHOP, `${ANALYSIS_LABEL}=enforce`]);
  await waitForAnswer(virtualService('nowhere'), { errors: ['IST0101'], warnings: [] });
  const update = analyzer.judge({ object: virtualService('nowhere') }, virtualService('nowhere'));
  expect(codes(update)).toEqual({ errors: [], warnings: ['IST0101'] });
  const large = virtualService('nowhere', { exportTo: Array.from({ length: 20_000 }, (_, i) => `team-${i}`) });
  expect(analyzer.judge({ object: large }).warnings[0]?.message).toContain('larger than');
  await kubectl(['label', 'namespace', SHOP, `${ANALYSIS_LABEL}=off`, '--overwrite']);
  await waitForAnswer(virtualService('nowhere'), NOTHING);
});
