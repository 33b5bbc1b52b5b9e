import { describe, expect, it } from 'vitest';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { renderZtunnel } from './index.ts';
import type { ChartContext } from '../chart.ts';
import { valueAt } from '../../values/value-tree.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

function render(change: JsonObject = {}, context: Partial<ChartContext> = {}): KubeObject[] {
  return renderZtunnel({
    component: 'Ztunnel',
    form: 'upstream',
    traits: DEFAULT_VERSION.traits,
    chartVersion: '1.0.0',
    namespace: 'istio-system',
    values: {
      hub: 'hub.example',
      tag: 'v1',
      image: 'ztunnel',
      revision: '',
      istioNamespace: 'istio-system',
      resourceScope: 'all',
      logLevel: 'info',
      terminationGracePeriodSeconds: 30,
      resources: { requests: { cpu: '200m', memory: '512Mi' } },
      ...change,
    },
    originalValues: {},
    kubeMinor: 33,
    kubeVersion: 'v1.33.0',
    ...context,
  });
}

function only(objects: KubeObject[], kind: string): KubeObject {
  const found = objects.filter((object) => object.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as KubeObject;
}

function template(change: JsonObject = {}): JsonObject {
  return valueAt(only(render(change), 'DaemonSet') as unknown as JsonObject, 'spec.template') as JsonObject;
}

function proxy(change: JsonObject = {}): JsonObject {
  return (valueAt(template(change), 'spec.containers') as JsonObject[])[0] as JsonObject;
}

function envOf(name: string, change: JsonObject = {}): Json | undefined {
  return (proxy(change)['env'] as JsonObject[]).find((variable) => variable['name'] === name);
}

describe('objects of ztunnel', () => {
  it.each<[string, JsonObject, string[]]>([
    ['by default', {}, ['ServiceAccount', 'DaemonSet']],
    ['of the cluster', { resourceScope: 'cluster' }, []],
    [
      'of the cluster on OpenShift',
      { resourceScope: 'cluster', platform: 'openshift' },
      ['ClusterRole', 'ClusterRoleBinding'],
    ],
    [
      'with a quota and a policy',
      { resourceQuotas: { enabled: true, pods: 10 }, global: { networkPolicy: { enabled: true } } },
      ['ServiceAccount', 'DaemonSet', 'NetworkPolicy', 'ResourceQuota'],
    ],
  ])('%s', (_rule, change, kinds) => {
    expect(render(change).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('take the name that the user gives', () => {
    const objects = render({ resourceName: 'zt', platform: 'openshift' });
    expect(new Set(objects.map(({ metadata }) => metadata.name))).toEqual(new Set(['zt']));
  });

  it('carry the revision as an annotation, and in the control plane address', () => {
    const change = { revision: 'r1', annotations: { a: 'b' } };
    expect(only(render(change), 'DaemonSet').metadata.annotations).toEqual({ a: 'b', 'istio.io/rev': 'r1' });
    expect(envOf('XDS_ADDRESS', change)).toMatchObject({ value: 'istiod-r1.istio-system.svc:15012' });
    expect(envOf('CA_ADDRESS', { ...change, caAddress: 'ca:1' })).toMatchObject({ value: 'ca:1' });
  });
});

describe('the DaemonSet', () => {
  it('does not fall back to the global variant', () => {
    expect(proxy({ global: { variant: 'distroless' }, variant: '' })['image']).toBe('hub.example/ztunnel:v1');
    expect(proxy({ variant: 'debug' })['image']).toBe('hub.example/ztunnel:v1-debug');
    expect(proxy({ image: 'x.example/z:2' })['image']).toBe('x.example/z:2');
  });

  it('tells ztunnel only those CPU bounds that are declared', () => {
    expect(envOf('ZTUNNEL_RESOURCE_CPU_LIMIT')).toBeUndefined();
    expect(envOf('ZTUNNEL_RESOURCE_CPU_REQUEST')).toBeDefined();
    expect(envOf('ZTUNNEL_RESOURCE_CPU_LIMIT', { resources: { limits: { cpu: 1 } } })).toBeDefined();
    expect(envOf('ZTUNNEL_CPU_LIMIT', { resources: {} })).toBeDefined();
  });

  it('prints a large number as Go does', () => {
    expect(envOf('X', { env: { X: 1000000 } })).toEqual({ name: 'X', value: '1e+06' });
  });

  it('mounts revocations when they are enabled', () => {
    const names = (change: JsonObject): Json[] =>
      (valueAt(template(change), 'spec.volumes') as JsonObject[]).map(({ name }) => name as Json);
    expect(names({ peerCaCrl: { enabled: true } })).toContain('crl-volume');
    expect(envOf('CRL_PATH', { peerCaCrl: { enabled: true } })).toBeDefined();
    expect(names({})).not.toContain('crl-volume');
  });

  it('takes the root certificate from a trust bundle when its environment says so', () => {
    const volumes = valueAt(
      template({ env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: true }, trustBundleName: 'mine' }),
      'spec.volumes',
    );
    expect(volumes).toContainEqual({
      name: 'istiod-ca-cert',
      projected: { sources: [{ clusterTrustBundle: { name: 'istio.io:istiod-ca:mine', path: 'root-cert.pem' } }] },
    });
  });

  it('keeps the user’s volumes, mounts and node selector beside its own', () => {
    const change = {
      volumes: [{ name: 'v', emptyDir: {} }],
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
      nodeSelector: { disk: 'ssd' },
    };
    expect((valueAt(template(change), 'spec.volumes') as Json[]).at(-1)).toEqual({ name: 'v', emptyDir: {} });
    expect((proxy(change)['volumeMounts'] as Json[]).at(-1)).toEqual({ name: 'v', mountPath: '/v' });
    expect(valueAt(template(change), 'spec.nodeSelector')).toEqual({ 'kubernetes.io/os': 'linux', disk: 'ssd' });
  });
});
