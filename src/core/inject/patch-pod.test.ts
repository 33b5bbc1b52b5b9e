import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPatch } from '../../../test/builders/apply-patch.ts';
import { templateContext } from '../../../test/builders/template-context.ts';
import type { Json, JsonObject } from '../kube-object.ts';
import { patchBeside } from './beside/patch-beside.ts';
import { compileInjectionConfig, type CompiledInjectionConfig } from './compile-injection-config.ts';
import type { PatchOperation } from './compute-patch.ts';
import { inject } from './inject.ts';
import type { InjectionConfig } from './injection-config.ts';
import { patchPod } from './patch-pod.ts';
import { prepareInjection, type InjectionRequest } from './prepare-injection.ts';

/** Of the default profile, with these settings of the values changed. */
function configOf(changes: JsonObject = {}, more: Partial<InjectionConfig> = {}): InjectionConfig {
  const rewriting = { 'sidecarInjectorWebhook.rewriteAppHTTPProbe': true, 'global.proxy.autoInject': 'enabled' };
  const { values } = templateContext({ values: { ...rewriting, ...changes } });
  return { values, meshConfig: { defaultConfig: { statusPort: 15020 } }, ...more };
}

const NATIVE = { ENABLE_NATIVE_SIDECARS: 'true' };
const LIFECYCLE = { $patch: 'replace', preStop: { exec: { command: ['x'] } } };
const OTEL = { serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS', service: 's', port: 1 };
const CONFIGS: Readonly<Record<string, InjectionConfig>> = {
  plain: configOf(),
  native: configOf({}, { env: NATIVE, revision: 'r1' }),
  cni: configOf({ 'pilot.cni.enabled': true }, { env: NATIVE }),
  'cni without native sidecars': configOf({ 'pilot.cni.enabled': true, 'global.imagePullSecrets': ['pull'] }),
  holding: configOf({
    'global.proxy.holdApplicationUntilProxyStarts': true,
    'global.multiCluster.clusterName': 'c1',
  }),
  'many variables': configOf(
    { 'global.network': 'n1', 'global.meshID': 'm', 'global.mountMtlsCerts': true },
    {
      meshConfig: {
        defaultConfig: {
          statusPort: 15020,
          proxyMetadata: { A: '', ISTIO_META_NETWORK: 'other', ENVOY_SECURE_MERGED_METRICS_PORT: '15091' },
        },
        extensionProviders: [{ name: 'o', opentelemetry: OTEL }],
      },
      version: '1.32.0',
      injectedAnnotations: { 'example.com/injected': 'yes' },
    },
  ),
  'directives in values': configOf({ 'global.proxy.lifecycle': LIFECYCLE }),
};

const CONTAINERS: JsonObject[] = [
  { name: 'app', image: 'a', readinessProbe: { httpGet: { path: '/', port: 80 } }, resources: {} },
  {
    name: 'web',
    image: 'b',
    ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
    startupProbe: { grpc: { port: 9 }, timeoutSeconds: 3 },
    livenessProbe: { httpGet: { path: '/h', port: 'http', scheme: 'HTTPS' } },
    lifecycle: { preStop: { httpGet: { path: '/bye', port: 8080 } } },
    resources: { requests: { cpu: '100m' } },
  },
  { name: 'worker', image: 'c"', lifecycle: { postStart: { exec: { command: ['x'] } } }, resources: {} },
  { name: 'app', image: 'again', resources: {} },
  { name: 'loose', image: 'b', resources: { requests: { cpu: 0.5 } } },
  { name: 'istio-proxy', image: 'auto', resources: { limits: { cpu: '3' } } },
  { name: 'istio-init', image: 'mine', resources: {} },
  { name: 'enable-core-dump', image: 'mine', resources: {} },
];
const VOLUMES: JsonObject[] = [
  { name: 'data', emptyDir: {} },
  { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
  { name: 'istio-envoy', hostPath: { path: '/x' } },
  { name: 'data', secret: { secretName: 's' } },
];
const ANNOTATIONS: [string, string][] = [
  ['example.com/a~b', 'ü"'],
  ['prometheus.io/port', '9080'],
  ['prometheus.istio.io/scrape-targets', '8080:/m,9090'],
  ['sidecar.istio.io/proxyCPU', '1'],
  ['sidecar.istio.io/rewriteAppHTTPProbers', 'false'],
  ['sidecar.istio.io/nativeSidecar', 'true'],
  ['sidecar.istio.io/userVolume', '{"data":{"emptyDir":{}}}'],
  ['prometheus.io.scrape', 'false'],
  ['prometheus.io/port', '15090'],
  ['sidecar.istio.io/userVolume', '{"x":{"$patch":"delete"}}'],
  ['sidecar.istio.io/interceptionMode', 'TPROXY'],
  ['sidecar.istio.io/interceptionMode', 'NONE'],
  ['status.sidecar.istio.io/port', '15021'],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', '9, 10'],
  ['proxy.istio.io/config', 'concurrency: 3\nholdApplicationUntilProxyStarts: true'],
  ['proxy.istio.io/config', 'no: such'],
  ['proxy.istio.io/overrides', '{"containers":[{"name":"istio-proxy","image":"own"}]}'],
  ['inject.istio.io/templates', 'sidecar'],
  ['inject.istio.io/templates', 'gateway'],
  ['kubectl.kubernetes.io/default-container', 'web'],
];
const LABELS: [string, string][] = [
  ['app', 'shop'],
  ['topology.istio.io/network', 'own'],
  ['security.istio.io/tlsMode', 'disabled'],
  ['service.istio.io/canonical-name', '-x-'],
];

const VOLUME = 'sidecar.istio.io/userVolume';

/** Most often of the first ones, which meet nothing of a sidecar's. */
function mostly<T>(
  of: readonly T[],
  { usual, minLength = 1 }: { usual: number; minLength?: number },
): fc.Arbitrary<T[]> {
  const first = fc.subarray(of.slice(0, usual), { minLength });
  return fc.oneof(
    { weight: 4, arbitrary: first },
    fc.subarray([...of], { minLength, maxLength: Math.min(3, of.length) }),
  );
}
const texts = (of: readonly [string, string][], usual: number): fc.Arbitrary<Record<string, string>> =>
  mostly(of, { usual }).map((entries) => Object.fromEntries(entries));

const request = fc
  .record({
    metadata: fc.record(
      {
        name: fc.constant('p'),
        generateName: fc.constant('shop-'),
        namespace: fc.constantFrom('own', ''),
        labels: texts(LABELS, 4),
        annotations: texts(ANNOTATIONS, 7),
        ownerReferences: fc.constant([
          { apiVersion: 'batch/v1', kind: 'Job', name: 'shop', uid: '1', controller: true },
        ]),
        creationTimestamp: fc.constant(null),
      },
      { requiredKeys: [] },
    ),
    spec: fc.record(
      {
        containers: mostly(CONTAINERS, { usual: 3 }),
        initContainers: mostly(CONTAINERS.slice(2), { usual: 1 }),
        volumes: mostly(VOLUMES, { usual: 2 }),
        imagePullSecrets: mostly([{ name: 'registry' }, { name: 'pull' }], { usual: 1 }),
        serviceAccountName: fc.constant('shop'),
        later: fc.constant({ than: null }),
      },
      { requiredKeys: ['containers'] },
    ),
    path: fc.constantFrom('', '/inject/cluster/c2/net/n2', '/inject/istio_meta_owner/me', '/inject/net/n3'),
  })
  // As it comes: no two places share an object.
  .map(({ metadata, spec, path }) => ({ pod: parsed({ metadata, spec }), namespace: 'demo', path }));

function parsed(pod: object): InjectionRequest['pod'] {
  return JSON.parse(JSON.stringify(pod)) as InjectionRequest['pod'];
}

function patched({ pod }: InjectionRequest, patch: string): Json {
  return applyPatch(pod as unknown as Json, JSON.parse(patch) as PatchOperation[]);
}

/** Which way it is patched, else what becomes of it. */
function wayOf(asked: InjectionRequest, config: CompiledInjectionConfig): string {
  const { outcome } = patchPod(asked, config);
  if (outcome !== 'patched') return outcome;
  const prepared = prepareInjection(asked, config);
  return prepared.pod && patchBeside(prepared, asked.pod, config) !== undefined ? 'beside' : 'whole';
}

describe.each(Object.entries(CONFIGS))('with the configuration %s', (name, settings) => {
  const config: CompiledInjectionConfig = compileInjectionConfig(settings);

  test('the patch makes of a pod what injection makes of it', () => {
    const ways = new Set<string>();
    fc.assert(
      fc.property(request, (asked) => {
        const before = structuredClone(asked);
        const [found, wanted] = [patchPod(asked, config), inject(asked, config)];
        expect(asked).toEqual(before);
        if (found.outcome === 'patched' && wanted.outcome === 'injected') {
          ways.add(wayOf(asked, config));
          expect(patched(asked, found.patch)).toEqual(wanted.pod);
        } else expect(found).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
    expect([...ways].sort()).toEqual(name === 'directives in values' ? ['whole'] : ['beside', 'whole']);
  });
});

describe('which way a pod goes', () => {
  const config = compileInjectionConfig(configOf());
  const app = CONTAINERS[0] ?? {};

  test.each<[string, string, JsonObject, JsonObject]>([
    ['an ordinary pod', 'beside', {}, { containers: [app] }],
    [
      'one with lists of its own',
      'beside',
      { labels: { a: 'b' } },
      { containers: [app], volumes: VOLUMES.slice(0, 1) },
    ],
    ['one with a proxy', 'whole', {}, { containers: [app, CONTAINERS[5] ?? {}] }],
    ['one with a volume of that name', 'whole', {}, { containers: [app], volumes: [VOLUMES[2] ?? {}] }],
    ['one that Kubernetes would write differently', 'beside', {}, { containers: [CONTAINERS[4] ?? {}] }],
    ['one that was injected', 'whole', { annotations: { 'sidecar.istio.io/status': '{}' } }, { containers: [app] }],
    [
      'one that asks for a directive',
      'whole',
      { annotations: { [VOLUME]: '{"x":{"$patch":"delete"}}' } },
      { containers: [app] },
    ],
    ['one without injection', 'skipped', {}, { containers: [app], hostNetwork: true }],
    ['one that cannot be', 'denied', { annotations: { 'proxy.istio.io/config': '[' } }, { containers: [app] }],
  ])('%s: %s', (_what, way, metadata, spec) => {
    const pod = parsed({ metadata: { namespace: 'demo', ...metadata }, spec });
    expect(wayOf({ pod, namespace: 'demo' }, config)).toBe(way);
  });
});
