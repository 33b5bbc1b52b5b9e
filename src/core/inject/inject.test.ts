import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { compileInjectionConfig, type CompiledInjectionConfig } from './compile-injection-config.ts';
import { inject, type InjectionResult } from './inject.ts';
import type { InjectionRequest } from './prepare-injection.ts';
import type { InjectionTemplate, Pod } from './template-context.ts';
import { compileTemplate } from './templates/custom-template.ts';

/** A small template in place of the real ones, so that these tests are about the pipeline. */
const small: InjectionTemplate = ({ proxyImage, nativeSidecars, proxyUid, spec }) => ({
  metadata: { labels: { injected: 'yes' } },
  spec: {
    initContainers: [
      { name: 'istio-init', image: proxyImage, args: ['-u', String(proxyUid)] },
      ...(nativeSidecars ? [proxy(proxyImage, spec)] : []),
    ],
    ...(nativeSidecars ? {} : { containers: [proxy(proxyImage, spec)] }),
    volumes: [{ name: 'istio-data', emptyDir: null }],
  },
});

function proxy(image: string, spec: JsonObject): JsonObject {
  const apps = (spec['containers'] as { name: string }[]).map(({ name }) => name).join(',');
  return { name: 'istio-proxy', image, env: [{ name: 'APPS', value: apps }], resources: { limits: { cpu: '2000m' } } };
}

const base = compileInjectionConfig({
  values: {
    global: { hub: 'h', tag: 't', proxy: { autoInject: 'enabled' } },
    sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
  },
  revision: 'r1',
});
const config: CompiledInjectionConfig = {
  ...base,
  templates: new Map([
    ['sidecar', small],
    ['second', () => ({ spec: { containers: [{ name: 'extra', image: 'e' }] } })],
    ['choosy', compileTemplate('{{ fail "not for you" }}')],
  ]),
  aliases: { both: ['sidecar', 'second'] },
};

function pod(spec: JsonObject = {}, metadata: Pod['metadata'] = {}): Pod {
  return { metadata: { namespace: 'demo', ...metadata }, spec: { containers: [{ name: 'app', image: 'a' }], ...spec } };
}

function injected(subject: Pod, own: CompiledInjectionConfig = config, request: Partial<InjectionRequest> = {}): Pod {
  const result = inject({ pod: subject, namespace: 'demo', ...request }, own);
  if (result.outcome !== 'injected') throw new Error(JSON.stringify(result));
  return result.pod;
}

const names = (pod: Pod, list: string): unknown[] => ((pod.spec[list] ?? []) as JsonObject[]).map(({ name }) => name);
const container = (pod: Pod, name: string): JsonObject =>
  [...((pod.spec['containers'] ?? []) as JsonObject[]), ...((pod.spec['initContainers'] ?? []) as JsonObject[])].find(
    (one) => one['name'] === name,
  ) ?? {};

describe('what comes out', () => {
  test('containers, volumes, labels and the status that tells them apart', () => {
    const result = injected(pod());
    expect(names(result, 'containers')).toEqual(['app', 'istio-proxy']);
    expect(result.metadata.labels).toEqual({ injected: 'yes' });
    expect(JSON.parse(result.metadata.annotations?.['sidecar.istio.io/status'] ?? '')).toEqual({
      initContainers: ['istio-init'],
      containers: ['istio-proxy'],
      volumes: ['istio-data'],
      imagePullSecrets: null,
      revision: 'r1',
    });
  });
  test('the pod that was given is untouched', () => {
    const subject = pod();
    const before = structuredClone(subject);
    injected(subject);
    expect(subject).toEqual(before);
  });
  test('a namespace that only the request names is used, but not written', () => {
    const { metadata } = injected({ metadata: {}, spec: pod().spec });
    expect(metadata.namespace).toBeUndefined();
  });
  test('an alias stands for several templates', () => {
    const result = injected(pod({}, { annotations: { 'inject.istio.io/templates': ' both ' } }));
    expect(names(result, 'containers')).toEqual(['extra', 'app', 'istio-proxy']);
  });
  test('cluster and network of the path end up at the proxy, and the network on the pod', () => {
    const result = injected(pod(), config, { path: '/inject/cluster/c/net/n' });
    expect((container(result, 'istio-proxy')['env'] as JsonObject[]).slice(-2)).toEqual([
      { name: 'ISTIO_META_CLUSTER_ID', value: 'c' },
      { name: 'ISTIO_META_NETWORK', value: 'n' },
    ]);
    expect(result.metadata.labels).toMatchObject({ 'topology.istio.io/network': 'n' });
  });
  test('the application may wait for the proxy, by annotation', () => {
    const annotations = { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' };
    expect(names(injected(pod({}, { annotations })), 'containers')).toEqual(['istio-proxy', 'app']);
  });
});

describe("the pod's own istio-proxy container", () => {
  const own = {
    name: 'istio-proxy',
    image: 'auto',
    resources: { limits: { cpu: '3' } },
    env: [{ name: 'MINE', value: '1' }],
    securityContext: { runAsUser: 7 },
  };
  test('its settings win, image auto takes the injected one, and they are kept for a later injection', () => {
    const result = injected(pod({ containers: [{ name: 'app' }, own] }));
    expect(container(result, 'istio-proxy')).toMatchObject({
      image: 'h/proxyv2:t',
      resources: { limits: { cpu: '3' } },
      securityContext: { runAsUser: 7 },
    });
    expect(result.metadata.annotations?.['proxy.istio.io/overrides']).toBe(
      '{"containers":[{"name":"istio-proxy","env":[{"name":"MINE","value":"1"}],"resources":{"limits":{"cpu":"3"}},"securityContext":{"runAsUser":7}}]}',
    );
  });
  test('the redirection lets its user pass', () => {
    expect(container(injected(pod({ containers: [{ name: 'app' }, own] })), 'istio-init')['args']).toEqual(['-u', '7']);
  });
  test('with native sidecars it moves to the init containers', () => {
    const native = { ...config, nativeSidecars: 'true' };
    const result = injected(pod({ containers: [{ name: 'app' }, own] }), native);
    expect(names(result, 'containers')).toEqual(['app']);
    expect(names(result, 'initContainers')).toEqual(['istio-init', 'istio-proxy']);
    expect(container(result, 'istio-proxy')).toMatchObject({ securityContext: { runAsUser: 7 } });
  });
});

describe('a pod that cannot be injected is denied', () => {
  const denied = (subject: Pod): InjectionResult => inject({ pod: subject, namespace: 'demo' }, config);
  test.each<[string, Pod, string, string]>([
    [
      'an unknown template',
      pod({}, { annotations: { 'inject.istio.io/templates': 'nope' } }),
      'TemplateFailed',
      '"nope"',
    ],
    [
      'a template that does not take it',
      pod({}, { annotations: { 'inject.istio.io/templates': 'choosy' } }),
      'TemplateRefused',
      'not for you',
    ],
    [
      'a bad annotation',
      pod({}, { annotations: { 'status.sidecar.istio.io/port': 'x' } }),
      'InvalidAnnotation',
      'status.sidecar.istio.io/port',
    ],
    [
      'overrides that are no JSON',
      pod({}, { annotations: { 'proxy.istio.io/overrides': '{' } }),
      'InvalidAnnotation',
      'proxy.istio.io/overrides',
    ],
    [
      'a scrape port of the proxy',
      pod({}, { annotations: { 'prometheus.io/port': '15090' } }),
      'InvalidAnnotation',
      'prometheus.io/port',
    ],
    ['containers that are no list', pod({ containers: 'app' }), 'InvalidPod', 'spec.containers'],
    ['no pod at all', 'pod' as unknown as Pod, 'InvalidPod', 'no pod'],
  ])('%s', (_title, subject, reason, text) => {
    const result = denied(subject);
    expect(result).toMatchObject({ outcome: 'denied', reason });
    expect(result.outcome === 'denied' && result.message).toContain(text);
  });
});

test('whatever the pod holds, the answer is an outcome, never a crash', () => {
  const whole: JsonObject = {
    metadata: {
      labels: { app: 'a' },
      annotations: { 'proxy.istio.io/overrides': '{}', 'sidecar.istio.io/status': '{}' },
      ownerReferences: [{ kind: 'ReplicaSet' }],
    },
    spec: {
      containers: [
        {
          name: 'app',
          env: [{ name: 'A' }],
          ports: [{ containerPort: 1 }],
          livenessProbe: { httpGet: { port: 1 } },
          lifecycle: { preStop: { tcpSocket: { port: 'x' } } },
        },
        { name: 'istio-proxy', securityContext: { runAsUser: 1 }, resources: { limits: { cpu: '1' } } },
      ],
      initContainers: [{ name: 'istio-init', args: ['-u'] }],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  };
  const paths = pathsOf(whole);
  const junk = fc.oneof(
    fc.constantFrom<unknown>(null, true, -1, 1.5, '', 'istio-proxy', [], {}, [null], [[]], { name: null }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 3 }), (changes) => {
      const subject = structuredClone(whole);
      for (const [path, value] of changes) setAt(subject, path, value);
      const result = inject({ pod: subject as unknown as Pod, namespace: 'demo' }, { ...config, openShift: true });
      expect(['injected', 'denied', 'skipped']).toContain(result.outcome);
    }),
    { numRuns: 1000 },
  );
});

/** The path of every value in an object, as keys. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return path.length === 0 ? inside : [path, ...inside];
}

function setAt(object: unknown, path: string[], value: unknown): void {
  let at = object;
  for (const key of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return;
    at = (at as Record<string, unknown>)[key];
  }
  const last = path.at(-1);
  if (typeof at === 'object' && at !== null && last !== undefined)
    (at as Record<string, unknown>)[last] = structuredClone(value);
}

test('a pod that opts out is skipped, with the reason', () => {
  const result = inject(
    { pod: pod({}, { labels: { 'sidecar.istio.io/inject': 'false' } }), namespace: 'demo' },
    config,
  );
  expect(result).toMatchObject({ outcome: 'skipped', decision: { reason: 'LabelDisabled' } });
});

describe('injecting twice', () => {
  const app = fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c'),
      image: fc.constant('i'),
      env: fc.uniqueArray(fc.record({ name: fc.constantFrom('X', 'Y', 'Z'), value: fc.constantFrom('1', '2') }), {
        selector: ({ name }) => name,
      }),
      livenessProbe: fc.record({
        httpGet: fc.record({ path: fc.constant('/live'), port: fc.constantFrom<string | number>(80, 'http') }),
      }),
    },
    { requiredKeys: ['name', 'image'] },
  );
  const pods = fc.record({
    containers: fc.uniqueArray(app, { selector: ({ name }) => name, minLength: 1 }),
    annotations: fc.dictionary(fc.constantFrom('prometheus.io/port', 'note'), fc.constantFrom('8080', '9090')),
    native: fc.boolean(),
  });

  test('gives the same pod as injecting once', () => {
    fc.assert(
      fc.property(pods, ({ containers, annotations, native }) => {
        const own = { ...config, nativeSidecars: String(native) };
        const once = injected(pod({ containers: containers as unknown as JsonObject[] }, { annotations }), own);
        expect(injected(once, own)).toEqual(once);
      }),
      { numRuns: 100 },
    );
  });
});
