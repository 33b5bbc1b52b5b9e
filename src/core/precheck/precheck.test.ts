import { describe, expect, it, test } from 'vitest';
import { findRelease } from '../istio/find-release.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import type { PrecheckFacts } from './facts.ts';
import { describeBlocked, precheck, skippedCodes } from './precheck.ts';

/** A step by one minor in a cluster where nothing is wrong. */
function facts(change: Partial<PrecheckFacts> = {}): PrecheckFacts {
  return {
    from: findRelease('1.30.5'),
    to: findRelease('1.31.4'),
    kubeVersion: 'v1.33.1',
    variables: [],
    warnings: [],
    proxies: [],
    gatewayApi: [],
    workloads: [],
    conflicts: [],
    envoyFilters: [],
    resources: [],
    ...change,
  };
}

function object(kind: string, parts: { spec?: JsonObject; status?: JsonObject }): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'istiod', namespace: 'istio-system' }, ...parts };
}

function filter(match: JsonObject): KubeObject {
  return object('EnvoyFilter', { spec: { configPatches: [{ match }] } });
}

const proxy = (version: string | undefined): PrecheckFacts['proxies'] => [{ name: 'web', namespace: 'shop', version }];
const tcpRoutes = (bundle: string | undefined, isUsed: boolean): PrecheckFacts['gatewayApi'] => [
  { definition: 'tcproutes.gateway.networking.k8s.io', bundle, isUsed },
];

const FOUND: [string, Partial<PrecheckFacts>, string[]][] = [
  ['nothing', {}, []],
  ['a step of two minors', { to: findRelease('1.32.0') }, ['blocking MinorsSkipped', 'warning PreviewVersion']],
  ['a preview', { from: findRelease('1.31.4'), to: findRelease('1.32.0') }, ['warning PreviewVersion']],
  ['a preview that runs', { from: findRelease('1.32.0'), to: findRelease('1.32.0') }, []],
  ['a step back', { from: findRelease('1.31.4'), to: findRelease('1.30.5') }, ['warning OlderMinor']],
  ['an old Kubernetes', { kubeVersion: 'v1.31.9-gke.1' }, ['blocking KubernetesTooOld']],
  ['the oldest Kubernetes that will do', { kubeVersion: 'v1.32.0' }, []],
  ['proxies of the release that runs', { proxies: proxy('1.30.5') }, []],
  ['proxies of two minors before', { proxies: proxy('1.29.3') }, ['blocking ProxiesTooOld']],
  ["proxies of a build of one's own", { proxies: proxy(undefined) }, []],
  [
    'proxies that would be newer',
    { from: findRelease('1.31.4'), to: findRelease('1.30.5'), proxies: proxy('1.31.4') },
    ['warning OlderMinor', 'warning ProxiesNewer'],
  ],
  [
    'a variable that is gone, once',
    { variables: ['PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY', 'PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY'] },
    ['blocking FlagRemoved'],
  ],
  [
    'a variable that was gone before',
    { from: findRelease('1.31.0'), variables: ['PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY'] },
    [],
  ],
  ['definitions that become too old, in use', { gatewayApi: tcpRoutes('v1.5.0', true) }, ['blocking GatewayApiTooOld']],
  ['definitions that become too old', { gatewayApi: tcpRoutes('v1.5.0', false) }, ['warning GatewayApiTooOld']],
  ['definitions that are new enough', { gatewayApi: tcpRoutes('v1.6.0', true) }, []],
  ['definitions that do not say', { gatewayApi: tcpRoutes(undefined, true) }, []],
  [
    'definitions that were too old before',
    { gatewayApi: [{ definition: 'tlsroutes.gateway.networking.k8s.io', bundle: 'v1.4.0', isUsed: true }] },
    [],
  ],
  [
    'another injector',
    { conflicts: ['MutatingWebhookConfiguration other takes the same pods'] },
    ['blocking InjectorsCompete'],
  ],
  [
    'what the resource sets',
    {
      warnings: [
        { path: 'spec.values.a', code: 'SettingWithdrawn', message: 'is gone', hint: '' },
        { path: 'spec.values.b', code: 'AvailabilityLow', message: 'one replica', hint: '' },
      ],
    },
    ['warning SettingOutdated'],
  ],
  [
    'a filter for the old version',
    { envoyFilters: [filter({ proxy: { proxyVersion: '^1\\.30.*' } })] },
    ['warning EnvoyFilterForVersion'],
  ],
  ['a filter for both', { envoyFilters: [filter({ proxy: { proxyVersion: '^1\\.3[01].*' } })] }, []],
  ['a filter that never fitted', { envoyFilters: [filter({ proxy: { proxyVersion: '^1\\.9.*' } })] }, []],
  ['a filter with a broken expression', { envoyFilters: [filter({ proxy: { proxyVersion: '(' } })] }, []],
  [
    'a filter by a name of Istio',
    { envoyFilters: [filter({ listener: { filterChain: { filter: { name: 'istio.stats' } } } })] },
    ['warning EnvoyFilterByName'],
  ],
  [
    "a filter by Envoy's name",
    {
      envoyFilters: [
        filter({ listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } } }),
      ],
    },
    [],
  ],
  [
    'a filter by the name of a cluster',
    { envoyFilters: [filter({ cluster: { name: 'outbound|80||a' } })] },
    ['warning EnvoyFilterByName'],
  ],
  [
    'resources that would be refused',
    { resources: [{ name: 'Sidecar shop/a', refusal: 'spec.x: no' }] },
    ['blocking ResourceRefused'],
  ],
  [
    'resources that would be refused, on the way back',
    {
      from: findRelease('1.31.4'),
      to: findRelease('1.30.5'),
      resources: [{ name: 'Sidecar shop/a', refusal: 'spec.x: no' }],
    },
    ['warning OlderMinor', 'warning ResourceRefused'],
  ],
  ['resources that are too large', { resources: [{ name: 'Sidecar shop/a' }] }, ['warning ResourceUnjudged']],
  ['a filter that matches all', { envoyFilters: [object('EnvoyFilter', {})] }, []],
  [
    'a Deployment that lacks pods',
    { workloads: [object('Deployment', { spec: { replicas: 2 }, status: { availableReplicas: 1 } })] },
    ['warning WorkloadNotReady'],
  ],
  [
    'a Deployment that runs',
    { workloads: [object('Deployment', { spec: { replicas: 2 }, status: { availableReplicas: 2 } })] },
    [],
  ],
  [
    'an autoscaler at its limit',
    {
      workloads: [
        object('HorizontalPodAutoscaler', { spec: { minReplicas: 1, maxReplicas: 5 }, status: { currentReplicas: 5 } }),
      ],
    },
    ['warning AutoscalerFull'],
  ],
  [
    'an autoscaler that has one size',
    {
      workloads: [
        object('HorizontalPodAutoscaler', { spec: { minReplicas: 5, maxReplicas: 5 }, status: { currentReplicas: 5 } }),
      ],
    },
    [],
  ],
  [
    'a budget that lets no pod go',
    { workloads: [object('PodDisruptionBudget', { status: { disruptionsAllowed: 0, expectedPods: 2 } })] },
    ['warning DisruptionsBlocked'],
  ],
  [
    'a budget without pods',
    { workloads: [object('PodDisruptionBudget', { status: { disruptionsAllowed: 0, expectedPods: 0 } })] },
    [],
  ],
];

describe('what is found before an upgrade', () => {
  test.each(FOUND)('%s', (_title, change, expected) => {
    expect(precheck(facts(change)).map(({ level, code }) => `${level} ${code}`)).toEqual(expected);
  });

  it('names what blocks first, with what to do', () => {
    const found = precheck(
      facts({ proxies: proxy('1.29.3'), kubeVersion: 'v1.30.0', workloads: [object('Deployment', {})] }),
    );
    expect(found.map(({ level }) => level)).toEqual(['blocking', 'blocking', 'warning']);
    expect(found.every(({ hint }) => hint !== '')).toBe(true);
  });

  it('finds nothing in resources that anybody may write as they like', () => {
    const odd = [null, [], 'text', 5, {}].map((spec) => object('EnvoyFilter', { spec: spec as JsonObject }));
    expect(precheck(facts({ envoyFilters: odd, workloads: odd }))).toEqual([]);
  });
});

describe('an upgrade that does not begin', () => {
  const found = precheck(facts({ proxies: proxy('1.29.3'), kubeVersion: 'v1.30.0' }));
  const skipping = (names: string): ReadonlySet<string> =>
    skippedCodes({ metadata: { name: 'm', annotations: { 'sailwright.dev/skip-precheck': names } } });

  it('says what stops it and which annotation passes over it', () => {
    const text = describeBlocked(found, facts(), new Set());
    expect(text).toContain('from 1.30.5 to 1.31.4 was not begun');
    expect(text).toContain('sailwright.dev/skip-precheck: "KubernetesTooOld,ProxiesTooOld"');
  });

  it('begins when all that blocks is named', () => {
    expect(describeBlocked(found, facts(), skipping('KubernetesTooOld, ProxiesTooOld'))).toBeUndefined();
    expect(describeBlocked(found, facts(), skipping('KubernetesTooOld'))).toContain('"ProxiesTooOld"');
  });

  it('tells of a name that is no code', () => {
    expect(describeBlocked(found, facts(), skipping('KubernetesToOld'))).toContain('did you mean "KubernetesTooOld"?');
  });
});
