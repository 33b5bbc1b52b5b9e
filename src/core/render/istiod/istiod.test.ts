import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { renderIstiod } from './index.ts';
import type { ChartContext } from '../chart.ts';
import type { Form } from '../../components.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

const GLOBAL: JsonObject = {
  istioNamespace: 'istio-system',
  resourceScope: 'all',
  hub: 'hub',
  tag: 'tag',
  configValidation: true,
  proxy: { tracer: 'none', clusterDomain: 'cluster.local', autoInject: 'enabled' },
  logging: { level: 'default:info' },
  pilotCertProvider: 'istiod',
  istiod: { enableAnalysis: false },
  defaultResources: { requests: { cpu: '10m' } },
  defaultPodDisruptionBudget: { enabled: true },
  sds: { token: { aud: 'istio-ca' } },
};

const VALUES: JsonObject = {
  revision: '',
  image: 'pilot',
  configMap: true,
  autoscaleEnabled: true,
  autoscaleMin: 1,
  autoscaleMax: 5,
  replicaCount: 1,
  cpu: { targetAverageUtilization: 80 },
  rollingMaxSurge: '100%',
  rollingMaxUnavailable: '25%',
  istiodRemote: { injectionPath: '/inject' },
  sidecarInjectorWebhook: { reinvocationPolicy: 'Never' },
  telemetry: { enabled: true, v2: { enabled: true, prometheus: { enabled: true } } },
  meshConfig: { enablePrometheusMerge: true },
  keepaliveMaxServerConnectionAge: '30m',
};

interface Change {
  values?: JsonObject;
  global?: JsonObject;
  form?: Form;
  namespace?: string;
}

function render(change: Change = {}): KubeObject[] {
  const context: ChartContext = {
    component: 'Pilot',
    form: change.form ?? 'upstream',
    traits: DEFAULT_VERSION.traits,
    chartVersion: '1.0.0',
    namespace: change.namespace ?? 'istio-system',
    values: { ...VALUES, ...change.values, global: { ...GLOBAL, ...change.global } },
    originalValues: {},
    kubeMinor: 33,
    kubeVersion: 'v1.33.0',
  };
  return renderIstiod(context);
}

const find = (objects: KubeObject[], kind: string, name: string): KubeObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

interface Container {
  env: { name: string; value?: string }[];
  args: unknown[];
  image: string;
}

function container(objects: KubeObject[], name = 'istiod'): Container {
  const spec = find(objects, 'Deployment', name)?.spec as { template: { spec: { containers: Container[] } } };
  return spec.template.spec.containers[0] as Container;
}

function mesh(objects: KubeObject[]): string {
  return (find(objects, 'ConfigMap', 'istio')?.data as { mesh: string }).mesh;
}

const variable = (objects: KubeObject[], name: string): string | undefined =>
  container(objects).env.find((entry) => entry.name === name)?.value;

describe('which objects there are', () => {
  it.each<[string, Change, string, boolean]>([
    ['an autoscaler by default', {}, 'HorizontalPodAutoscaler/istiod', true],
    ['no autoscaler without an upper bound', { values: { autoscaleMax: 0 } }, 'HorizontalPodAutoscaler/istiod', false],
    ['no budget for one replica', {}, 'PodDisruptionBudget/istiod', false],
    ['a budget for two replicas', { values: { autoscaleMin: 2 } }, 'PodDisruptionBudget/istiod', true],
    [
      'a budget by replicaCount when nothing scales',
      { values: { autoscaleEnabled: false, autoscaleMin: 1, replicaCount: 2 } },
      'PodDisruptionBudget/istiod',
      true,
    ],
    ['no mesh ConfigMap when it is managed elsewhere', { values: { configMap: false } }, 'ConfigMap/istio', false],
    ['no Deployment in scope cluster', { global: { resourceScope: 'cluster' } }, 'Deployment/istiod', false],
    [
      'no ClusterRole in scope namespace',
      { global: { resourceScope: 'namespace' } },
      'ClusterRole/istiod-clusterrole-istio-system',
      false,
    ],
    ['no Deployment with a remote istiod', { values: { istiodRemote: { enabled: true } } }, 'Deployment/istiod', false],
    ['no rights with a remote istiod', { values: { istiodRemote: { enabled: true } } }, 'Role/istiod', false],
    [
      'rights in a config cluster with a remote istiod',
      { values: { istiodRemote: { enabled: true } }, global: { configCluster: true } },
      'Role/istiod',
      true,
    ],
    [
      'a Deployment beside the remote istiod for local injection',
      { values: { istiodRemote: { enabled: true, enabledLocalInjectorIstiod: true } } },
      'Deployment/istiod',
      true,
    ],
    ['reader rights unless they are switched off', {}, 'ClusterRole/istio-reader-clusterrole-istio-system', true],
    [
      'no reader rights',
      { global: { enableReaderRBAC: false } },
      'ClusterRole/istio-reader-clusterrole-istio-system',
      false,
    ],
    ['the revision in names', { values: { revision: 'canary' } }, 'Service/istiod-canary', true],
    [
      'the namespace in cluster-wide names',
      { namespace: 'other' },
      'MutatingWebhookConfiguration/istio-sidecar-injector-other',
      true,
    ],
    ['a tag service', { values: { revisionTags: ['prod'] } }, 'Service/istiod-revision-tag-prod', true],
    ['the network policy', { global: { networkPolicy: { enabled: true } } }, 'NetworkPolicy/istiod', true],
    [
      'a stable channel policy',
      { values: { experimental: { stableValidationPolicy: true } } },
      'ValidatingAdmissionPolicy/stable-channel-policy-istio-system.istio.io',
      true,
    ],
    [
      'a class ConfigMap',
      { values: { gatewayClasses: { istio: { deployment: {} } } } },
      'ConfigMap/istio-default-gatewayclass-istio',
      true,
    ],
  ])('%s', (_, change, object, present) => {
    const [kind = '', name = ''] = object.split('/');
    expect(find(render(change), kind, name) !== undefined).toBe(present);
  });

  it.each([
    ['192.0.2.1', 'IPv4'],
    ['2001:db8::1', 'IPv6'],
    ['istiod.example.com', undefined],
  ])('the remote address %s has a slice of type %s', (address, family) => {
    const objects = render({ values: { istiodRemote: { enabled: true } }, global: { remotePilotAddress: address } });
    expect(find(objects, 'EndpointSlice', 'istiod')?.addressType).toBe(family);
    const service = find(objects, 'Service', 'istiod')?.spec as { externalName?: string };
    expect(service.externalName).toBe(family === undefined ? address : undefined);
  });
});

describe('istiod', () => {
  it('names its trusted ztunnel unless the environment does', () => {
    expect(variable(render(), 'CA_TRUSTED_NODE_ACCOUNTS')).toBe('istio-system/ztunnel');
    const objects = render({ values: { env: { CA_TRUSTED_NODE_ACCOUNTS: 'a/b' } } });
    expect(container(objects).env.filter((entry) => entry.name === 'CA_TRUSTED_NODE_ACCOUNTS')).toEqual([
      { name: 'CA_TRUSTED_NODE_ACCOUNTS', value: 'a/b' },
    ]);
  });

  it('sorts the environment and prints numbers as templates do', () => {
    const objects = render({ values: { env: { B: 1000000, A: true } } });
    const names = container(objects).env.map((entry) => entry.name);
    expect(names.indexOf('A')).toBe(names.indexOf('B') - 1);
    expect(variable(objects, 'B')).toBe('1e+06');
  });

  it('leaves replicas to the autoscaler', () => {
    const replicas = (change: Change): unknown =>
      (find(render(change), 'Deployment', 'istiod')?.spec as JsonObject).replicas;
    expect(replicas({ values: { replicaCount: 3 } })).toBeUndefined();
    expect(replicas({ values: { autoscaleEnabled: false, replicaCount: 3 } })).toBe(3);
  });

  it('resolves the values that init containers name, and refuses other templates', () => {
    const withImage = (image: string): Change => ({ values: { initContainers: [{ name: 'i', image }] } });
    const spec = find(render(withImage('{{ .Values.global.hub }}/x:1')), 'Deployment', 'istiod')?.spec;
    expect(JSON.stringify(spec)).toContain('"image":"hub/x:1"');
    expect(() => render(withImage('{{ include "x" . }}'))).toThrow('include');
  });

  it('keeps minAvailable out when maxUnavailable is given', () => {
    const objects = render({ values: { autoscaleMin: 2, pdb: { minAvailable: 1, maxUnavailable: '50%' } } });
    expect(find(objects, 'PodDisruptionBudget', 'istiod')?.spec).toMatchObject({ maxUnavailable: '50%' });
    expect(find(objects, 'PodDisruptionBudget', 'istiod')?.spec).not.toHaveProperty('minAvailable');
  });
});

describe('the mesh configuration', () => {
  it('lets meshConfig win and merges maps', () => {
    const text = mesh(render({ values: { meshConfig: { trustDomain: 'td', defaultConfig: { concurrency: 2 } } } }));
    expect(text).toContain('trustDomain: td');
    expect(text).toContain('concurrency: 2');
    expect(text).toContain('discoveryAddress: istiod.istio-system.svc:15012');
  });

  it('has Prometheus unless providers are named', () => {
    expect(mesh(render())).toContain('- prometheus');
    expect(mesh(render({ values: { meshConfig: { defaultProviders: { tracing: ['x'] } } } }))).not.toContain(
      'prometheus',
    );
    expect(mesh(render({ values: { telemetry: { enabled: false } } }))).not.toContain('prometheus');
  });

  it('finds the remote service of a revision only in our form', () => {
    const change: Change = {
      values: { revision: 'r1', istiodRemote: { enabled: true, enabledLocalInjectorIstiod: true } },
      global: { remotePilotAddress: '192.0.2.1' },
    };
    const text = (form: Form): string =>
      JSON.stringify(find(render({ ...change, form }), 'ConfigMap', 'istio-r1')?.data);
    expect(text('upstream')).toContain('istiod-remote.istio-system.svc');
    expect(text('sailwright')).toContain('istiod-r1-remote.istio-system.svc');
  });
});

interface Webhook {
  name: string;
  clientConfig: { service?: JsonObject; url?: string; caBundle?: string };
  failurePolicy: string;
}

const webhooks = (objects: KubeObject[], kind: string, name: string): Webhook[] =>
  find(objects, kind, name)?.webhooks as Webhook[];
const injectors = (objects: KubeObject[], name = 'istio-sidecar-injector'): Webhook[] =>
  webhooks(objects, 'MutatingWebhookConfiguration', name);

describe('webhooks', () => {
  it.each<[string, Change, string[]]>([
    ['the default revision', {}, ['rev.namespace', 'rev.object', 'namespace', 'object']],
    [
      'injection by default',
      { values: { sidecarInjectorWebhook: { enableNamespacesByDefault: true } } },
      ['rev.namespace', 'rev.object', 'namespace', 'object', 'auto'],
    ],
  ])('%s', (_, change, prefixes) => {
    expect(injectors(render(change)).map((webhook) => webhook.name)).toEqual(
      prefixes.map((prefix) => `${prefix}.sidecar-injector.istio.io`),
    );
  });

  it('leaves labels without a revision to the default tag', () => {
    const objects = render({ values: { revision: 'r1', revisionTags: ['default', 'prod'] } });
    expect(injectors(objects, 'istio-sidecar-injector-r1')).toHaveLength(2);
    expect(injectors(objects, 'istio-revision-tag-default')).toHaveLength(4);
    expect(injectors(objects, 'istio-revision-tag-prod')).toHaveLength(2);
  });

  it('calls istiod in upstream form and us in ours, without a bundle', () => {
    const values = {
      istiodRemote: { injectionPath: '/inject', injectionCABundle: 'Q0E=' },
      base: { validationCABundle: 'Q0E=' },
    };
    const theirs = injectors(render({ values }))[0];
    expect(theirs).toMatchObject({
      failurePolicy: 'Fail',
      clientConfig: { caBundle: 'Q0E=', service: { name: 'istiod' } },
    });
    const objects = render({ form: 'sailwright', values });
    const service = { name: 'sailwright-webhook', namespace: 'sailwright-system', port: 443 };
    const validators = webhooks(objects, 'ValidatingWebhookConfiguration', 'istio-validator-istio-system');
    expect(injectors(objects)[0]).toMatchObject({
      failurePolicy: 'Ignore',
      clientConfig: { service: { ...service, path: '/inject' } },
    });
    expect(validators[0]).toMatchObject({
      failurePolicy: 'Ignore',
      clientConfig: { service: { ...service, path: '/validate' } },
    });
    expect(JSON.stringify(objects)).not.toContain('"caBundle"');
  });

  it('names the revision in the path of our webhooks, also in those of a tag', () => {
    const objects = render({ form: 'sailwright', values: { revision: 'r1', revisionTags: ['prod'] } });
    const paths = ['istio-sidecar-injector-r1', 'istio-revision-tag-prod'].flatMap((name) =>
      injectors(objects, name).map(({ clientConfig }) => clientConfig.service?.path),
    );
    expect(new Set(paths)).toEqual(new Set(['/inject/revision/r1']));
  });

  it("is never asked for pods of the cluster or of the operator's own namespace", () => {
    const selectors = injectors(render({ form: 'sailwright' })).map((webhook) => JSON.stringify(webhook));
    const excluded = JSON.stringify({
      key: 'kubernetes.io/metadata.name',
      operator: 'NotIn',
      values: ['kube-system', 'sailwright-system'],
    });
    expect(selectors).toHaveLength(4);
    for (const selector of selectors) expect(selector).toContain(excluded);
  });

  it('tells istiod in our form to leave the webhooks alone', () => {
    const names = ['INJECTION_WEBHOOK_CONFIG_NAME', 'VALIDATION_WEBHOOK_CONFIG_NAME'];
    expect(names.map((name) => variable(render({ form: 'sailwright' }), name))).toEqual(['', '']);
    expect(names.map((name) => variable(render(), name))).toEqual([undefined, undefined]);
  });
});

it('says who manages the objects', () => {
  const managers = (form: Form): Set<string | undefined> =>
    new Set(render({ form }).map((object) => object.metadata.labels?.['app.kubernetes.io/managed-by']));
  expect(managers('upstream')).toEqual(new Set(['Helm']));
  expect(managers('sailwright')).toEqual(new Set(['sailwright']));
});

it.each<[Form, boolean | string, boolean]>([
  ['upstream', true, true],
  ['sailwright', 'true', true],
  ['sailwright', 'false', false],
])('ClusterTrustBundles in form %s, switched by %j: %j', (form, value, granted) => {
  const objects = render({ form, values: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: value } } });
  const role = find(objects, 'ClusterRole', 'istiod-clusterrole-istio-system');
  expect(JSON.stringify(role).includes('clustertrustbundles')).toBe(granted);
});

it("keeps the user's templates beside those that istiod needs", () => {
  const objects = render({ values: { sidecarInjectorWebhook: { templates: { waypoint: 'mine', own: 'x' } } } });
  const { config } = find(objects, 'ConfigMap', 'istio-sidecar-injector')?.data as { config: string };
  const parsed = parse(config) as { policy: string; templates: Record<string, string> };
  expect(Object.keys(parsed.templates).sort()).toEqual([
    'gateway',
    'grpc-agent',
    'grpc-simple',
    'kube-gateway',
    'own',
    'sidecar',
    'waypoint',
  ]);
  expect(parsed.templates.waypoint).toBe('mine');
  expect(parsed.policy).toBe('enabled');
});
