import { describe, expect, it } from 'vitest';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { renderEgressGateway, renderIngressGateway } from './index.ts';
import { RenderError } from '../../render-error.ts';
import type { ChartContext } from '../chart.ts';
import { valueAt } from '../../values/value-tree.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

/** The least that a gateway's values hold after every merge. */
function baseSettings(name: string): JsonObject {
  return {
    name,
    labels: { app: name, istio: 'gateway' },
    ports: [
      { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' },
      { name: 'plain', port: 80 },
    ],
    autoscaleEnabled: true,
    autoscaleMin: 1,
    autoscaleMax: 5,
    cpu: { targetAverageUtilization: 80 },
    rollingMaxSurge: '100%',
    rollingMaxUnavailable: '25%',
    type: 'LoadBalancer',
    injectionTemplate: '',
  };
}

function baseGlobal(): JsonObject {
  return {
    hub: 'hub.example',
    tag: 'v1',
    istioNamespace: 'istio-system',
    pilotCertProvider: 'istiod',
    defaultPodDisruptionBudget: { enabled: true },
    defaultResources: { requests: { cpu: '10m' } },
    proxy: { image: 'proxyv2', clusterDomain: 'cluster.local', logLevel: 'warning' },
    sds: { token: { aud: 'istio-ca' } },
  };
}

interface Change {
  settings?: JsonObject;
  global?: JsonObject;
  top?: JsonObject;
  context?: Partial<ChartContext>;
}

function ingressContext(change: Change = {}): ChartContext {
  return {
    component: 'IngressGateways',
    form: 'upstream',
    traits: DEFAULT_VERSION.traits,
    chartVersion: '1.0.0',
    namespace: 'edge',
    values: {
      revision: '',
      meshConfig: { enablePrometheusMerge: true, trustDomain: 'cluster.local' },
      global: { ...baseGlobal(), ...change.global },
      gateways: { 'istio-ingressgateway': { ...baseSettings('gw'), ...change.settings } },
      ...change.top,
    },
    originalValues: {},
    kubeMinor: 33,
    kubeVersion: 'v1.33.0',
    ...change.context,
  };
}

function render(change: Change = {}): KubeObject[] {
  return renderIngressGateway(ingressContext(change));
}

function only(objects: KubeObject[], kind: string): KubeObject {
  const found = objects.filter((object) => object.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as KubeObject;
}

function at(object: KubeObject, path: string): Json | undefined {
  return valueAt(object as unknown as JsonObject, path);
}

function podSpec(change: Change = {}): JsonObject {
  return at(only(render(change), 'Deployment'), 'spec.template.spec') as JsonObject;
}

function proxy(change: Change = {}): JsonObject {
  return (podSpec(change)['containers'] as JsonObject[])[0] as JsonObject;
}

function envNames(change: Change = {}): string[] {
  return (proxy(change)['env'] as { name: string }[]).map(({ name }) => name);
}

describe('objects of a gateway', () => {
  it('are the identity, the deployment, the service and the autoscaler by default', () => {
    expect(render().map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'Role',
      'RoleBinding',
      'Deployment',
      'Service',
      'HorizontalPodAutoscaler',
    ]);
  });

  it.each<[string, Change, string, boolean]>([
    ['no service when the user brings one', { settings: { customService: true } }, 'Service', false],
    ['no autoscaler when it is off', { settings: { autoscaleEnabled: false } }, 'HorizontalPodAutoscaler', false],
    ['no autoscaler without an upper bound', { settings: { autoscaleMax: null } }, 'HorizontalPodAutoscaler', false],
    ['a budget from two certain pods on', { settings: { autoscaleMin: 2 } }, 'PodDisruptionBudget', true],
    [
      'a budget by replicas when autoscaling is off',
      { settings: { autoscaleEnabled: false, replicaCount: 2 } },
      'PodDisruptionBudget',
      true,
    ],
    ['no budget by replicas when autoscaling is on', { settings: { replicaCount: 3 } }, 'PodDisruptionBudget', false],
    [
      'no budget when budgets are off',
      { settings: { autoscaleMin: 2 }, global: { defaultPodDisruptionBudget: { enabled: false } } },
      'PodDisruptionBudget',
      false,
    ],
    ['a network policy on request', { global: { networkPolicy: { enabled: true } } }, 'NetworkPolicy', true],
  ])('%s', (_rule, change, kind, present) => {
    expect(render(change).some((object) => object.kind === kind)).toBe(present);
  });

  it('name only the network policy by revision', () => {
    const objects = render({ top: { revision: 'r1' }, global: { networkPolicy: { enabled: true } } });
    expect(only(objects, 'NetworkPolicy').metadata.name).toBe('gw-r1');
    expect(only(objects, 'Deployment').metadata.name).toBe('gw');
  });

  it('carry the component and the chart of the egress gateway when they are one', () => {
    const context = ingressContext({ top: { gateways: { 'istio-egressgateway': baseSettings('eg') } } });
    const service = only(renderEgressGateway(context), 'Service');
    expect(service.metadata.labels).toMatchObject({
      'operator.istio.io/component': 'EgressGateways',
      'app.kubernetes.io/name': 'istio-egressgateway',
      'helm.sh/chart': 'istio-egress-1.0.0',
    });
  });
});

describe('the deployment', () => {
  it('leaves replicas to the autoscaler', () => {
    const change = { settings: { replicaCount: 3 } };
    expect(at(only(render(change), 'Deployment'), 'spec.replicas')).toBeUndefined();
    const fixed = { settings: { replicaCount: 3, autoscaleEnabled: false } };
    expect(at(only(render(fixed), 'Deployment'), 'spec.replicas')).toBe(3);
  });

  it('types a bare number in rolling update bounds', () => {
    const object = only(render({ settings: { rollingMaxUnavailable: '0' } }), 'Deployment');
    expect(at(object, 'spec.strategy.rollingUpdate')).toEqual({ maxSurge: '100%', maxUnavailable: 0 });
  });

  it('has the old selector labels in istio-system only', () => {
    const labels = (namespace: string): Json | undefined =>
      at(only(render({ context: { namespace } }), 'Deployment'), 'spec.template.metadata.labels');
    expect(labels('istio-system')).toMatchObject({ chart: 'gateways', heritage: 'Tiller', release: 'istio' });
    expect(labels('edge')).not.toHaveProperty('chart');
  });

  it.each<[string, Change, string]>([
    ['the version label', { settings: { labels: { version: 'v2' } }, top: { revision: 'r1' } }, 'v2'],
    ['the revision', { top: { revision: 'r1' } }, 'r1'],
    ['the word latest', {}, 'latest'],
  ])('takes the canonical revision from %s', (_source, change, expected) => {
    const labels = at(only(render(change), 'Deployment'), 'spec.template.metadata.labels') as JsonObject;
    expect(labels['service.istio.io/canonical-revision']).toBe(expected);
  });

  it('falls back to the default resources and the port itself', () => {
    expect(proxy()).toMatchObject({
      image: 'hub.example/proxyv2:v1',
      resources: { requests: { cpu: '10m' } },
      ports: [
        { containerPort: 8443, protocol: 'TCP' },
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 15090, name: 'http-envoy-prom' },
      ],
    });
  });

  it('takes a tag of the gateway, but a whole image reference as it stands', () => {
    expect(proxy({ settings: { tag: 'mine' } })['image']).toBe('hub.example/proxyv2:mine');
    expect(proxy({ global: { proxy: { image: 'x.example/p:1' } } })['image']).toBe('x.example/p:1');
  });

  it('drops every restriction for a gateway that runs as root', () => {
    expect(podSpec()['securityContext']).toEqual({ runAsUser: 1337, runAsGroup: 1337, runAsNonRoot: true });
    expect(podSpec({ settings: { runAsRoot: true } })).not.toHaveProperty('securityContext');
    expect(proxy({ settings: { runAsRoot: true } })).not.toHaveProperty('securityContext');
    expect(envNames({ settings: { runAsRoot: true } })).not.toContain('ISTIO_META_UNPRIVILEGED_POD');
  });

  it('leaves the user id to OpenShift', () => {
    expect(podSpec({ global: { platform: 'openshift' } })['securityContext']).toEqual({ runAsNonRoot: true });
  });

  it('names the network once, by the gateway before the mesh', () => {
    const change = { settings: { env: { ISTIO_META_NETWORK: 'n1' } }, global: { network: 'n2' } };
    const networks = (proxy(change)['env'] as JsonObject[]).filter(({ name }) => name === 'ISTIO_META_NETWORK');
    expect(networks).toEqual([{ name: 'ISTIO_META_NETWORK', value: 'n1' }]);
  });

  it('mounts a config volume only where it has a path, and declares it anyhow', () => {
    const settings = { configVolumes: [{ name: 'a', configMapName: 'cm', mountPath: '/a' }, { name: 'b' }] };
    const mounts = (proxy({ settings })['volumeMounts'] as JsonObject[]).map(({ name }) => name);
    expect(mounts).toContain('a');
    expect(mounts).not.toContain('b');
    expect((podSpec({ settings })['volumes'] as JsonObject[]).map(({ name }) => name)).toContain('b');
  });

  it('prefers own tolerations to the default ones', () => {
    const own = [{ operator: 'Exists' }];
    const defaults = { defaultTolerations: [{ key: 'd' }] };
    expect(podSpec({ settings: { tolerations: own }, global: defaults })['tolerations']).toEqual(own);
    expect(podSpec({ global: defaults })['tolerations']).toEqual([{ key: 'd' }]);
  });
});

describe('affinity', () => {
  it('is absent without a rule', () => {
    expect(podSpec()).not.toHaveProperty('affinity');
  });

  it('requires and prefers the architectures with a weight', () => {
    const affinity = podSpec({ global: { arch: { amd64: 2, s390x: 0 } } })['affinity'] as JsonObject;
    expect(affinity['nodeAffinity']).toEqual({
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }] }],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 2,
          preference: { matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }] },
        },
      ],
    });
  });

  it('splits the values of anti-affinity terms', () => {
    const term = { key: 'security', operator: 'In', values: 'S1,S2', topologyKey: 'zone' };
    const affinity = podSpec({ settings: { podAntiAffinityLabelSelector: [term] } })['affinity'];
    expect(affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            labelSelector: { matchExpressions: [{ key: 'security', operator: 'In', values: ['S1', 'S2'] }] },
            topologyKey: 'zone',
          },
        ],
      },
    });
  });
});

describe('a gateway for the injector', () => {
  it('holds only what the template does not set', () => {
    const deployment = only(render({ settings: { injectionTemplate: 'gateway' } }), 'Deployment');
    const container = (at(deployment, 'spec.template.spec.containers') as JsonObject[])[0];
    expect(container).toMatchObject({ image: 'auto' });
    for (const field of ['args', 'readinessProbe', 'volumeMounts']) expect(container).not.toHaveProperty(field);
    expect(at(deployment, 'spec.template.metadata')).toMatchObject({
      labels: { 'sidecar.istio.io/inject': 'true' },
      annotations: { 'sidecar.istio.io/inject': 'true', 'inject.istio.io/templates': 'gateway' },
    });
    expect(deployment.metadata.labels).not.toHaveProperty('istio.io/dataplane-mode');
  });

  it.each([
    ['upstream', 'auto'],
    ['sailwright', 'hub.example/proxyv2:v1'],
  ] as const)('in the form %s a null template gives the image %s', (form, image) => {
    expect(proxy({ settings: { injectionTemplate: null }, context: { form } })['image']).toBe(image);
  });
});

describe('the service', () => {
  it('adds further ports by number and name only', () => {
    const service = only(render({ settings: { ingressPorts: [{ port: 9, name: 'x', targetPort: 99 }] } }), 'Service');
    expect((at(service, 'spec.ports') as Json[]).at(-1)).toEqual({ port: 9, name: 'x' });
  });

  it('types unquoted text as YAML does in upstream form only', () => {
    const settings = { ports: [{ name: '1e3', port: '80' }] };
    const port = (form: ChartContext['form']): Json | undefined =>
      (at(only(render({ settings, context: { form } }), 'Service'), 'spec.ports') as Json[])[0];
    expect(port('upstream')).toEqual({ name: 1000, port: 80 });
    expect(port('sailwright')).toEqual({ name: '1e3', port: 80 });
  });
});

describe('the root certificate', () => {
  const withFlag = (flag: Json, form: ChartContext['form']): Json[] =>
    podSpec({ top: { pilot: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: flag } } }, context: { form } })[
      'volumes'
    ] as Json[];
  const bundle = {
    name: 'istiod-ca-cert',
    projected: { sources: [{ clusterTrustBundle: { name: 'istio.io:istiod-ca:root-cert', path: 'root-cert.pem' } }] },
  };

  it('comes from a trust bundle when the flag is true', () => {
    expect(withFlag(true, 'upstream')).toContainEqual(bundle);
    expect(withFlag(false, 'upstream')).not.toContainEqual(bundle);
  });

  it('takes the text true in our form, and names the field in upstream form', () => {
    expect(withFlag('true', 'sailwright')).toContainEqual(bundle);
    expect(() => withFlag('true', 'upstream')).toThrow(RenderError);
  });

  it('is not mounted when another authority signs', () => {
    const volumes = podSpec({ global: { pilotCertProvider: 'custom' } })['volumes'] as JsonObject[];
    expect(volumes.map(({ name }) => name)).not.toContain('istiod-ca-cert');
  });
});
