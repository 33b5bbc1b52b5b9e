import { describe, expect, test } from 'vitest';
import { controlPlaneObjects, namespaceObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { compileInjectionConfig } from '../inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../inject/control-plane-config.ts';
import { inject } from '../inject/inject.ts';
import { injectionWebhooksOf, type PodWebhook } from '../inject/injection-webhooks.ts';
import type { Pod } from '../inject/template-context.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { podAsCreated } from './pod-as-created.ts';
import { describeReview, reviewProxy, type ProxyReview, type ReviewSurroundings } from './review-proxy.ts';

function surroundings(
  values: JsonObject = {},
  labels: Record<string, string> = { 'istio-injection': 'enabled' },
): ReviewSurroundings {
  const config = compileInjectionConfig(readControlPlaneConfig(controlPlaneObjects(values)));
  return {
    webhooks: renderControlPlane(values).flatMap((object) =>
      object.kind === 'MutatingWebhookConfiguration' ? injectionWebhooksOf(object) : [],
    ),
    namespaceOf: (name) => (name === 'shop' ? namespaceObject(name, labels) : undefined),
    configOf: () => config,
  };
}

function replicaSet(metadata: JsonObject = {}, spec: JsonObject = {}): KubeObject {
  const container: JsonObject = {
    name: 'app',
    image: 'app:1',
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
  };
  const template = { metadata: { labels: { app: 'web' }, ...metadata }, spec: { containers: [container], ...spec } };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-5d4f', namespace: 'shop' },
    spec: { template },
  };
}

const APP = { name: 'app', image: 'app:1' };
/** Metadata and spec of a gateway's pods. */
const GATEWAY: readonly [JsonObject, JsonObject] = [
  { annotations: { 'inject.istio.io/templates': 'gateway' } },
  { containers: [{ name: 'istio-proxy', image: 'auto', env: [{ name: 'MORE', value: '1' }] }] },
];

const FILLED_IN: Readonly<Record<string, JsonObject>> = {
  fieldRef: { apiVersion: 'v1' },
  resourceFieldRef: { divisor: '0' },
  httpGet: { scheme: 'HTTP' },
  configMap: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  projected: { defaultMode: 420 },
  readinessProbe: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  startupProbe: { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
};

/** As the API server and its admission plugins complete what is stored. */
function completed(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((item) => completed(item, key));
  if (!isJsonObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, completed(item ?? null, name)]));
  if (key === 'containers' || key === 'initContainers') return completedContainer(inner);
  return { ...FILLED_IN[key], ...inner };
}

/** An admission plugin does so before injection, and once more after it. */
function withAccount(container: JsonObject): JsonObject {
  const mounts = Array.isArray(container.volumeMounts) ? container.volumeMounts.filter(isJsonObject) : [];
  const account = { name: 'kube-api-access-x', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  if (mounts.some(({ mountPath }) => mountPath === account.mountPath)) return container;
  return { ...container, volumeMounts: [...mounts, { ...account, readOnly: true }] };
}

function admitted(pod: Pod): Pod {
  const containers = Array.isArray(pod.spec.containers) ? pod.spec.containers.filter(isJsonObject) : [];
  return { ...pod, spec: { ...pod.spec, containers: containers.map(withAccount) } };
}

function completedContainer(container: JsonObject): JsonObject {
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    resources: {},
    ...withAccount(container),
  };
}

function started(workload: KubeObject, by: ReviewSurroundings): KubeObject {
  const ownerReferences = [
    { apiVersion: 'apps/v1', kind: workload.kind, name: workload.metadata.name, controller: true, uid: '1' },
  ];
  const metadata = {
    name: 'web-5d4f-abc',
    namespace: 'shop',
    generateName: 'web-5d4f-',
    labels: { 'pod-template-hash': '5d4f' },
    ownerReferences,
  };
  const empty: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata };
  const created = podAsCreated(empty, workload);
  const config = by.configOf(by.webhooks[0] as PodWebhook);
  if (!created || 'problem' in config) throw new Error('no pod');
  const result = inject({ pod: admitted(created), namespace: 'shop', path: '/inject' }, config);
  const pod = result.outcome === 'injected' ? result.pod : created;
  const spec = completed(pod.spec);
  return {
    ...empty,
    metadata: { ...pod.metadata, name: metadata.name, namespace: 'shop' },
    spec,
    status: { phase: 'Running' },
  };
}

const pathsOf = (review: ProxyReview | undefined): string[] | string | undefined =>
  review && 'differences' in review ? review.differences.map(({ path }) => path) : review?.state;

describe('a pod that injection made', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['plain', {}, {}],
    [
      'with resources',
      { annotations: { 'sidecar.istio.io/proxyCPU': '0.1', 'sidecar.istio.io/proxyMemory': '1024Mi' } },
      {},
    ],
    ['with its own proxy configuration', { annotations: { 'proxy.istio.io/config': 'concurrency: 3' } }, {}],
    [
      'with a volume for the proxy',
      { annotations: { 'sidecar.istio.io/userVolume': '[{"name":"more","emptyDir":{}}]' } },
      {},
    ],
    ['with an init container', {}, { initContainers: [{ name: 'first', image: 'first:1' }] }],
    ['with an account', {}, { serviceAccountName: 'web' }],
    ['with a say in its sidecar', {}, { containers: [APP, { name: 'istio-proxy', image: 'auto', tty: true }] }],
    ['of a gateway', ...GATEWAY],
  ])('is current as long as nothing changed: %s', (_, metadata, spec) => {
    const workload = replicaSet(metadata, spec);
    expect(reviewProxy(started(workload, surroundings()), workload, surroundings())).toEqual({ state: 'current' });
  });

  test.each<[string, JsonObject, string]>([
    ['another image', { global: { proxy: { image: 'other' } } }, 'image'],
    ['a log level', { global: { proxy: { logLevel: 'debug' } } }, 'changed'],
    ['resources', { global: { proxy: { resources: { requests: { cpu: '300m' } } } } }, 'changed'],
    ['the mesh configuration', { meshConfig: { defaultConfig: { drainDuration: '7s' } } }, 'changed'],
    ['another list of containers', { pilot: { env: { ENABLE_NATIVE_SIDECARS: 'true' } } }, 'changed'],
  ])('is stale by %s', (_, values, state) => {
    const workload = replicaSet();
    const pod = started(workload, surroundings());
    expect(reviewProxy(pod, workload, surroundings(values))?.state).toBe(state);
    // And the other way: what was there and would not be set any more is seen as well.
    const later = started(workload, surroundings(values));
    expect(reviewProxy(later, workload, surroundings())?.state).toBe(state);
  });

  test('of a gateway is stale by what injection would make otherwise, and no more', () => {
    const workload = replicaSet(...GATEWAY);
    const pod = started(workload, surroundings());
    const other = surroundings({ global: { proxy: { logLevel: 'debug' } } });
    expect(pathsOf(reviewProxy(pod, workload, other))).toEqual(['containers[istio-proxy].args']);
  });

  test('tells which fields differ', () => {
    const workload = replicaSet();
    const pod = started(workload, surroundings());
    const review = reviewProxy(
      pod,
      workload,
      surroundings({ global: { tag: '1.31.9', proxy: { logLevel: 'debug' } } }),
    );

    expect(pathsOf(review)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/\[istio-proxy\]\.image$/),
        expect.stringMatching(/\[istio-proxy\]\.args$/),
      ]),
    );
    expect(describeReview(review as ProxyReview)).toContain('[istio-proxy].args');
  });

  test('keeps what others set: the digest of an image, resources of a LimitRange', () => {
    const workload = replicaSet();
    const pod = structuredClone(started(workload, surroundings()));
    const { containers } = pod['spec'] as { containers: { name: string; image: string; resources: unknown }[] };
    const proxy = containers.find(({ name }) => name === 'istio-proxy');
    if (!proxy) throw new Error('no proxy');
    proxy.image += '@sha256:0123';
    proxy.resources = { limits: { cpu: '9' } };
    expect(pathsOf(reviewProxy(pod, workload, surroundings()))).toEqual([
      'containers[istio-proxy].resources.limits.cpu',
      'containers[istio-proxy].resources.limits.memory',
      'containers[istio-proxy].resources.requests',
    ]);

    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu limit for container istio-proxy',
    };
    expect(reviewProxy(pod, workload, surroundings())).toEqual({ state: 'current' });
  });

  test('loses its proxy when nobody asks for it any more', () => {
    const workload = replicaSet();
    const pod = started(workload, surroundings());
    expect(reviewProxy(pod, workload, surroundings({}, {}))).toMatchObject({ state: 'losing' });
    const opted = replicaSet({ labels: { app: 'web', 'sidecar.istio.io/inject': 'false' } });
    expect(reviewProxy(pod, opted, surroundings())).toMatchObject({ state: 'losing' });
  });

  test('is stale by a change of its workload, which its successor would have', () => {
    const pod = started(replicaSet(), surroundings());
    const workload = replicaSet({ annotations: { 'sidecar.istio.io/logLevel': 'debug' } });
    expect(reviewProxy(pod, workload, surroundings())?.state).toBe('changed');
  });

  test('would be refused where injection refuses its successor', () => {
    const pod = started(replicaSet(), surroundings());
    const workload = replicaSet({
      annotations: { 'sidecar.istio.io/statsInclusionPrefixes': 'a', 'status.sidecar.istio.io/port': 'none' },
    });
    expect(reviewProxy(pod, workload, surroundings())).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('port') as string,
    });
  });

  test('without a workload is compared with what injection makes of itself', () => {
    const pod = started(replicaSet(), surroundings());
    expect(reviewProxy(pod, undefined, surroundings())).toEqual({ state: 'current' });
    expect(reviewProxy(pod, undefined, surroundings({ global: { tag: '1.31.9' } }))?.state).toBe('image');
  });
});

test('a proxy that somebody else put there is foreign, and a pod without one is no question', () => {
  const pod = started(replicaSet(), surroundings());
  const metadata = { name: 'gw', namespace: 'shop' };
  expect(reviewProxy({ ...pod, metadata }, undefined, surroundings())).toMatchObject({ state: 'foreign' });
  const spec = { containers: [{ name: 'app' }] };
  expect(reviewProxy({ ...pod, metadata, spec }, undefined, surroundings())).toBeUndefined();
});

test('says so when it cannot be told', () => {
  const pod = started(replicaSet(), surroundings());
  const problem = 'ConfigMap istio-system/istio-sidecar-injector does not exist';
  expect(reviewProxy(pod, undefined, { ...surroundings(), configOf: () => ({ problem }) })).toEqual({
    state: 'unknown',
    why: problem,
  });
  expect(reviewProxy(pod, undefined, { ...surroundings(), namespaceOf: () => undefined })).toMatchObject({
    state: 'unknown',
  });
});
