// Resources made to take long: each is of a size that its author chooses, and all fit into what the API server takes.
import type { JsonObject } from '../../src/core/kube-object.ts';

/** One way to keep a judge busy. */
export interface Attack {
  name: string;
  /** Where the webhook judges it. */
  path: '/validate' | '/validate-istiooperator' | '/inject';
  /** How much of it the attack of the record had. */
  size: number;
  /** So much of it. */
  build: (size: number) => JsonObject;
}

const DESTINATION = [{ destination: { host: 'a' } }];

/** Every character class of Unicode, by name: each is hundreds of ranges. */
const CLASSES = '\\pL'.repeat(340);
/** Ranges that ignore case: each is walked character by character. */
const FOLDS = `(?i)${'[B-\\x{1E942}]'.repeat(70)}`;
/** The deepest that repetitions may be nested. */
const REPEATS = `${'('.repeat(200)}a${'{1})'.repeat(200)}`;

/** Expressions whose brackets never close. */
const UNCLOSED = `${'('.repeat(200)}1`;

/** The attacks of the record, and the brothers that were found of them. */
export const ATTACKS: readonly Attack[] = [
  ...[
    { name: 'regular expressions of Unicode classes', regex: CLASSES },
    { name: 'regular expressions that fold case', regex: FOLDS },
    { name: 'regular expressions of repetitions', regex: REPEATS },
    { name: 'regular expressions of many repetitions', regex: 'a{1000}'.repeat(140) },
  ].map(({ name, regex }): Attack => ({
    name,
    path: '/validate',
    size: 1_000,
    build: (size: number): JsonObject =>
      virtualService({ http: many(size, (i) => match({ uri: { regex: `${regex}${i}` } })) }),
  })),
  {
    name: 'CEL filters',
    path: '/validate',
    size: 2_000,
    build: (size: number): JsonObject =>
      resource('telemetry.istio.io/v1', 'Telemetry', {
        accessLogging: many(size, (i) => ({
          filter: { expression: `response.code >= ${i} && (${'1+'.repeat(100)}1 > 0)` },
        })),
      }),
  },
  {
    name: 'CEL filters that never close',
    path: '/validate',
    size: 4_000,
    build: (size: number): JsonObject =>
      resource('telemetry.istio.io/v1', 'Telemetry', {
        accessLogging: many(size, () => ({ filter: { expression: UNCLOSED } })),
      }),
  },
  {
    name: 'locality rules',
    path: '/validate',
    size: 20_000,
    build: (size: number): JsonObject =>
      destinationRule({
        localityLbSetting: {
          distribute: many(size, (i) => ({ from: `r${i}/z/*`, to: { [`r${i}/z/*`]: 100 } })),
        },
      }),
  },
  {
    name: 'targets of one locality rule',
    path: '/validate',
    size: 20_000,
    build: (size: number): JsonObject => {
      const to = Object.fromEntries(many(size, (i) => [`r${i}/z/s`, 1]));
      return destinationRule({ localityLbSetting: { distribute: [{ from: 'r/*', to }] } });
    },
  },
  {
    name: 'routes by prefix',
    path: '/validate',
    size: 8_000,
    build: (size: number): JsonObject =>
      virtualService({ http: many(size, (i) => match({ uri: { prefix: `/${i}` } })) }),
  },
  {
    name: 'prefixes that nest',
    path: '/validate',
    size: 1_400,
    build: (size: number): JsonObject =>
      virtualService({ http: many(size, (i) => match({ uri: { prefix: `/${'a'.repeat(i % 1_000)}` } })) }),
  },
  {
    name: 'routes with equal matches',
    path: '/validate',
    size: 8_000,
    build: (size: number): JsonObject => virtualService({ http: many(size, () => match({ uri: { exact: '/' } })) }),
  },
  {
    name: 'hosts',
    path: '/validate',
    size: 60_000,
    build: (size: number): JsonObject =>
      virtualService({ hosts: many(size, (i) => `h${i}.example.com`), http: [{ route: DESTINATION }] }),
  },
  {
    name: 'wildcard hosts that nest',
    path: '/validate',
    size: 12_000,
    build: (size: number): JsonObject =>
      virtualService({
        hosts: many(size, (i) => `*${'.a'.repeat(i % 120)}.h${i}.com`),
        http: [{ route: DESTINATION }],
      }),
  },
  {
    name: 'server names of TLS routes',
    path: '/validate',
    size: 10_000,
    build: (size: number): JsonObject =>
      virtualService({
        hosts: ['*.example.com'],
        tls: many(size, (i) => ({ match: [{ sniHosts: [`s${i}.example.com`] }], route: DESTINATION })),
      }),
  },
  {
    name: 'EnvoyFilter patches',
    path: '/validate',
    size: 5_000,
    build: (size: number): JsonObject =>
      resource('networking.istio.io/v1alpha3', 'EnvoyFilter', { configPatches: many(size, filterPatch) }),
  },
  {
    name: 'AuthorizationPolicy rules',
    path: '/validate',
    size: 20_000,
    build: (size: number): JsonObject =>
      resource('security.istio.io/v1', 'AuthorizationPolicy', {
        rules: many(size, (i) => ({ to: [{ operation: { paths: [`/${i}`] } }] })),
      }),
  },
  {
    name: 'conditions of one AuthorizationPolicy rule',
    path: '/validate',
    size: 20_000,
    build: (size: number): JsonObject =>
      resource('security.istio.io/v1', 'AuthorizationPolicy', {
        rules: [{ when: many(size, (i) => ({ key: `request.headers[x-${i}]`, values: ['a'] })) }],
      }),
  },
  {
    name: 'servers of a Gateway',
    path: '/validate',
    size: 8_000,
    build: (size: number): JsonObject =>
      resource('networking.istio.io/v1', 'Gateway', {
        servers: many(size, (i) => ({
          port: { number: (i % 60_000) + 1, name: `http-${i}`, protocol: 'HTTP' },
          hosts: [`h${i}.example.com`],
        })),
      }),
  },
  {
    name: 'endpoints of a ServiceEntry',
    path: '/validate',
    size: 15_000,
    build: (size: number): JsonObject =>
      resource('networking.istio.io/v1', 'ServiceEntry', {
        hosts: ['a.example.com'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'STATIC',
        endpoints: many(size, (i) => ({ address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` })),
      }),
  },
  {
    name: 'ports of a ServiceEntry',
    path: '/validate',
    size: 15_000,
    build: (size: number): JsonObject =>
      resource('networking.istio.io/v1', 'ServiceEntry', {
        hosts: ['a.example.com'],
        ports: many(size, (i) => ({ number: i + 1, name: `http-${i}`, protocol: 'HTTP' })),
        resolution: 'DNS',
      }),
  },
  {
    name: 'hosts of a Sidecar',
    path: '/validate',
    size: 40_000,
    build: (size: number): JsonObject =>
      resource('networking.istio.io/v1', 'Sidecar', { egress: [{ hosts: many(size, (i) => `*/h${i}.example.com`) }] }),
  },
  {
    name: 'listeners of a Sidecar',
    path: '/validate',
    size: 10_000,
    build: (size: number): JsonObject =>
      resource('networking.istio.io/v1', 'Sidecar', {
        egress: many(size, (i) => ({
          port: { number: (i % 60_000) + 1, name: `http-${i}`, protocol: 'HTTP' },
          hosts: [`*/h${i}.example.com`],
        })),
      }),
  },
  {
    name: 'subsets of a DestinationRule',
    path: '/validate',
    size: 15_000,
    build: (size: number): JsonObject =>
      resource('networking.istio.io/v1', 'DestinationRule', {
        host: 'a',
        subsets: many(size, (i) => ({ name: `v${i}`, labels: { version: `v${i}` } })),
      }),
  },
  {
    name: 'unknown fields',
    path: '/validate',
    size: 30_000,
    build: (size: number): JsonObject =>
      virtualService({ ...Object.fromEntries(many(size, (i) => [`fields${i}`, i])) }),
  },
  {
    name: 'JWT rules of a RequestAuthentication',
    path: '/validate',
    size: 10_000,
    build: (size: number): JsonObject =>
      resource('security.istio.io/v1', 'RequestAuthentication', {
        jwtRules: many(size, (i) => ({ issuer: `i${i}`, jwksUri: `https://h${i}.example.com/k` })),
      }),
  },
  {
    name: 'overlay patches of one object',
    path: '/validate-istiooperator',
    size: 4_000,
    build: (size: number): JsonObject =>
      istioOperator({ components: { pilot: { k8s: { overlays: [overlay(patches(size))] } } } }),
  },
  {
    name: 'overlays of one object',
    path: '/validate-istiooperator',
    size: 4_000,
    build: (size: number): JsonObject =>
      istioOperator({ components: { pilot: { k8s: { overlays: many(size, (i) => overlay(patches(1, i))) } } } }),
  },
  {
    name: 'overlay patches that append to one list',
    path: '/validate-istiooperator',
    size: 4_000,
    build: (size: number): JsonObject => {
      const list = many(size, (i) => ({
        path: `spec.template.spec.volumes[-1]`,
        value: { name: `v${i}`, emptyDir: {} },
      }));
      return istioOperator({ components: { pilot: { k8s: { overlays: [overlay(list)] } } } });
    },
  },
  {
    name: 'injection templates',
    path: '/validate-istiooperator',
    size: 20_000,
    build: (size: number): JsonObject => ownTemplates(size, () => 'metadata: {}'),
  },
  {
    name: 'injection templates that never end',
    path: '/validate-istiooperator',
    size: 100,
    build: (size: number): JsonObject =>
      ownTemplates(size, () => `${'{{ range until 100000 }}'.repeat(2)}${'{{ end }}'.repeat(2)}`),
  },
  {
    name: 'injection templates with large results',
    path: '/validate-istiooperator',
    size: 100,
    build: (size: number): JsonObject =>
      ownTemplates(size, () => 'metadata: {annotations: {a: "{{ repeat 1000000 "x" }}"}}'),
  },
  {
    name: 'gateways',
    path: '/validate-istiooperator',
    size: 2_000,
    build: (size: number): JsonObject =>
      istioOperator({
        components: { ingressGateways: many(size, (i) => ({ name: `g${i}`, namespace: 'a', enabled: true })) },
      }),
  },
  {
    name: 'variables of a component',
    path: '/validate-istiooperator',
    size: 10_000,
    build: (size: number): JsonObject =>
      istioOperator({
        components: { pilot: { k8s: { env: many(size, (i) => ({ name: `V${i}`, value: `${i}` })) } } },
      }),
  },
  {
    name: 'values in many places',
    path: '/validate-istiooperator',
    size: 10_000,
    build: (size: number): JsonObject =>
      istioOperator({ values: { pilot: { env: Object.fromEntries(many(size, (i) => [`V${i}`, `${i}`])) } } }),
  },
  {
    name: 'containers of a pod',
    path: '/inject',
    size: 20_000,
    build: (size: number): JsonObject => pod({ containers: many(size, (i) => ({ name: `c${i}`, image: 'a' })) }),
  },
  {
    name: 'containers of a pod before its proxy',
    path: '/inject',
    size: 10_000,
    build: (size: number): JsonObject => {
      const initContainers = many(size, (i) => ({ name: `i${i}`, image: 'a', restartPolicy: 'Always' }));
      const containers = [
        ...many(size, (i) => ({ name: `c${i}`, image: 'a' })),
        { name: 'istio-proxy', image: 'auto' },
      ];
      return pod({ initContainers, containers });
    },
  },
  {
    name: 'annotations of a pod',
    path: '/inject',
    size: 50_000,
    build: (size: number): JsonObject => pod({}, Object.fromEntries(many(size, (i) => [`a${i}`, 'b']))),
  },
  {
    name: 'addresses that a pod excludes',
    path: '/inject',
    size: 50_000,
    build: (size: number): JsonObject => {
      const ranges = many(size, (i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`);
      return pod({}, { 'traffic.sidecar.istio.io/excludeOutboundIPRanges': ranges.join(',') });
    },
  },
  {
    name: 'templates of a pod',
    path: '/inject',
    size: 2_000,
    build: (size: number): JsonObject =>
      pod({}, { 'inject.istio.io/templates': many(size, () => 'sidecar').join(',') }),
  },
  {
    name: 'settings of a proxy in an annotation',
    path: '/inject',
    size: 20_000,
    build: (size: number): JsonObject =>
      pod({}, { 'proxy.istio.io/config': `proxyMetadata:\n${many(size, (i) => `  A${i}: b`).join('\n')}\n` }),
  },
  {
    name: 'settings of a proxy that never close',
    path: '/inject',
    size: 20_000,
    build: (size: number): JsonObject => pod({}, { 'proxy.istio.io/config': '['.repeat(size) }),
  },
];

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function resource(apiVersion: string, kind: string, spec: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name: 'attack', namespace: 'default' }, spec };
}

function virtualService(spec: JsonObject): JsonObject {
  return resource('networking.istio.io/v1', 'VirtualService', { hosts: ['a'], ...spec });
}

function destinationRule(loadBalancer: JsonObject): JsonObject {
  const outlierDetection = { consecutive5xxErrors: 5 };
  return resource('networking.istio.io/v1', 'DestinationRule', {
    host: 'a',
    trafficPolicy: { loadBalancer, outlierDetection },
  });
}

function ownTemplates(size: number, text: (index: number) => string): JsonObject {
  const templates = Object.fromEntries(many(size, (i) => [`t${i}`, text(i)] as const));
  return istioOperator({ values: { sidecarInjectorWebhook: { templates } } });
}

function istioOperator(spec: JsonObject): JsonObject {
  const { metadata } = resource('', '', {});
  return { ...resource('install.istio.io/v1alpha1', 'IstioOperator', spec), metadata };
}

function match(request: JsonObject): JsonObject {
  return { match: [request], route: DESTINATION };
}

function overlay(list: readonly JsonObject[]): JsonObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', name: 'istiod', patches: [...list] };
}

function patches(count: number, from = 0): JsonObject[] {
  return many(count, (i) => ({ path: `metadata.annotations.a${from + i}`, value: 'b' }));
}

function filterPatch(i: number): JsonObject {
  return {
    applyTo: 'HTTP_FILTER',
    match: { context: 'SIDECAR_INBOUND' },
    patch: {
      operation: 'INSERT_BEFORE',
      value: {
        name: `lua-${i}`,
        typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua', inlineCode: '' },
      },
    },
  };
}

function pod(spec: JsonObject, annotations: JsonObject = {}): JsonObject {
  const metadata = { name: 'attack', namespace: 'default', annotations };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'a', image: 'a' }], ...spec } };
}
