import { describe, expect, it } from 'vitest';
import { controlPlane, istioOperator, namespace, object, pod } from '../../../test/builders/small-mesh.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { toMeshState } from '../mesh/mesh-state.ts';
import { computeReport } from './compute-report.ts';
import type { MeshReport } from './mesh-report.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const CA = '-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n';

function report(objects: readonly KubeObject[], resources: readonly KubeObject[] = []): MeshReport {
  return computeReport({
    source: { kind: 'cluster', name: 'test', sailwright: '0' },
    surroundings: {
      now: NOW,
      readCertificate: (pem) => (pem.includes('Q0E=') ? { notBefore: 0, notAfter: NOW + 1_000 } : undefined),
    },
    mesh: toMeshState({ objects: [...objects, ...resources], unread: [] }, 'istio-system'),
  });
}

const SHOP = namespace('shop', { 'istio-injection': 'enabled' });
const MESH = [...controlPlane('', '1.31.4'), SHOP];
const web = (proxy?: string, nth = 0): KubeObject =>
  pod({ namespace: 'shop', of: 'web', nth, ...(proxy === undefined ? {} : { proxy }) });

describe('installations', () => {
  it('are what their status says, with the end of support and without their spec', () => {
    const status = {
      status: 'HEALTHY',
      revision: '',
      version: '1.31.4',
      istioVersion: '1.31',
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Installed', message: '', lastTransitionTime: '2026-11-01T00:00:00Z' },
      ],
      componentStatus: { Pilot: { status: 'HEALTHY', version: '1.31.4' } },
      plan: { state: 'Pending', hash: 'abc', summary: '1 changed', configMap: 'x', desired: 'y' },
    };
    const { installations } = report(MESH, [istioOperator('mesh', status)]);
    expect(installations).toEqual([
      {
        namespace: 'istio-system',
        name: 'mesh',
        state: 'HEALTHY',
        revision: '',
        version: '1.31.4',
        supportEnds: 'about February 2027',
        conditions: [
          { type: 'Ready', status: 'True', reason: 'Installed', message: '', since: '2026-11-01T00:00:00Z' },
        ],
        components: [{ name: 'Pilot', state: 'HEALTHY', version: '1.31.4' }],
        plan: { state: 'Pending', hash: 'abc', summary: '1 changed' },
      },
    ]);
  });

  it('that no operator has looked at say nothing', () => {
    const { installations } = report([], [istioOperator('mesh', {})]);
    expect(installations[0]).toMatchObject({ state: '', version: '', conditions: [], components: [] });
  });
});

describe('control planes', () => {
  it('are found by their objects, whoever installed them', () => {
    const { controlPlanes } = report([...controlPlane('', '1.31.4'), ...controlPlane('canary', '1.30.9')]);
    expect(controlPlanes).toMatchObject([
      { namespace: 'istio-system', revision: '', release: '1.31.4', replicas: { ready: 1, wanted: 2 } },
      { namespace: 'istio-system', revision: 'canary', release: '1.30.9' },
    ]);
  });

  it('of a minor that is not known have no end of support', () => {
    expect(report(controlPlane('', '1.4.0')).controlPlanes[0]).not.toHaveProperty('supportEnds');
  });
});

describe('proxies', () => {
  it('are counted by workload, revision and version', () => {
    const { proxies } = report([...MESH, web('default@1.31.4'), web('default@1.31.4', 1), web('default@1.31.2', 2)]);
    expect(proxies.map(({ workload, version, pods }) => [workload, version, pods])).toEqual([
      ['web', '1.31.4', 2],
      ['web', '1.31.2', 1],
    ]);
    expect(proxies[0]).toMatchObject({ namespace: 'shop', kind: 'Deployment', revision: 'default' });
  });

  const canary = controlPlane('canary', '1.30.9');
  it.each<[why: string, objects: KubeObject[], proxy: string, reason: string | undefined]>([
    ['as its control plane', MESH, 'default@1.31.4', undefined],
    ['a variant of the same release', MESH, 'default@1.31.4-distroless', undefined],
    ['a patch behind', MESH, 'default@1.31.2', 'OtherVersion'],
    ['a minor behind', MESH, 'default@1.30.4', 'OtherVersion'],
    ['a build of ones own', MESH, 'default@our-build', undefined],
    ['of a revision that is gone', MESH, 'old@1.31.4', 'ControlPlaneGone'],
    ['of a revision that its namespace left', [...MESH, ...canary], 'canary@1.30.9', 'OtherRevision'],
    ['no control plane in sight', [SHOP], 'old@1.31.4', undefined],
  ])('%s', (_why, objects, proxy, reason) => {
    expect(report([...objects, web(proxy)]).proxies[0]?.stale?.reason).toBe(reason);
  });
});

describe('injection', () => {
  it('names workloads that have no sidecar although they should', () => {
    const { injection } = report([...MESH, web(), web(undefined, 1)]);
    expect(injection.missed).toEqual([
      { namespace: 'shop', kind: 'Deployment', workload: 'web', pods: 2, webhook: 'istio-sidecar-injector' },
    ]);
  });

  it('names labels that nothing serves', () => {
    const { injection } = report([...MESH, namespace('bank', { 'istio.io/rev': 'gone' })]);
    expect(injection.unserved).toEqual([
      { kind: 'Namespace', namespace: '', name: 'bank', label: 'istio.io/rev=gone', reason: 'RevisionNotFound' },
    ]);
  });

  it('says whose configuration cannot be read', () => {
    const withoutInjector = MESH.filter(({ metadata }) => metadata.namespace !== 'istio-system');
    expect(report([...withoutInjector, web()]).injection).toMatchObject({
      missed: [],
      unread: [{ webhook: 'istio-sidecar-injector' }],
    });
  });
});

describe('mutual TLS', () => {
  const policy = (name: string, spec: JsonObject): KubeObject =>
    object('security.istio.io/v1', 'PeerAuthentication', name, spec);
  const STRICT = { mtls: { mode: 'STRICT' } };
  const inShop = (...objects: KubeObject[]): MeshReport['mutualTls']['namespaces'][number] | undefined =>
    report([...MESH, web('default@1.31.4'), ...objects]).mutualTls.namespaces.find(
      ({ namespace: name }) => name === 'shop',
    );

  it.each<[what: string, objects: KubeObject[], mode: string, by: string]>([
    ['nothing says so', [], 'PERMISSIVE', ''],
    ['the mesh says so', [policy('istio-system/default', STRICT)], 'STRICT', 'PeerAuthentication istio-system/default'],
    [
      'the namespace says otherwise than the mesh',
      [policy('istio-system/default', STRICT), policy('shop/own', { mtls: { mode: 'DISABLE' } })],
      'DISABLE',
      'PeerAuthentication shop/own',
    ],
    [
      'the namespace leaves it to the mesh',
      [policy('istio-system/default', STRICT), policy('shop/own', { mtls: { mode: 'UNSET' } })],
      'STRICT',
      'PeerAuthentication istio-system/default',
    ],
    [
      'a policy is for one workload',
      [policy('shop/web', { selector: { matchLabels: { app: 'web' } }, ...STRICT })],
      'PERMISSIVE',
      '',
    ],
  ])('holds by whom: %s', (_what, objects, mode, by) => {
    expect(inShop(...objects)).toMatchObject({ mode, policy: by });
  });

  it('tells exceptions by workload and port', () => {
    const spec = { selector: { matchLabels: { app: 'web' } }, portLevelMtls: { 8080: { mode: 'DISABLE' } } };
    expect(inShop(policy('shop/web', spec))?.exceptions).toEqual([
      { policy: 'PeerAuthentication shop/web', selector: 'app=web', mode: 'UNSET', ports: { 8080: 'DISABLE' } },
    ]);
  });

  const rule = (name: string, host: string, tls: string): KubeObject =>
    object('networking.istio.io/v1', 'DestinationRule', name, { host, trafficPolicy: { tls: { mode: tls } } });
  const job = pod({ namespace: 'shop', of: 'job' });
  it.each<[what: string, objects: KubeObject[], reasons: string[]]>([
    ['all have proxies', [], []],
    ['a pod without a proxy', [job], ['PodsWithoutProxy']],
    ['a rule by short name', [rule('shop/web', 'web', 'DISABLE')], ['PlaintextRules']],
    [
      'a rule of elsewhere by full name',
      [rule('bank/web', 'web.shop.svc.cluster.local', 'SIMPLE')],
      ['PlaintextRules'],
    ],
    ['a rule for every service', [rule('istio-system/all', '*.local', 'DISABLE')], ['PlaintextRules']],
    ['a rule for another namespace', [rule('bank/web', 'web', 'DISABLE')], []],
    ["a rule with the mesh's own TLS", [rule('shop/web', 'web', 'ISTIO_MUTUAL')], []],
    [
      'probes that stay as they were',
      [
        pod({
          namespace: 'shop',
          of: 'api',
          proxy: 'default@1.31.4',
          annotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' },
        }),
      ],
      ['ProbesNotRewritten'],
    ],
  ])('STRICT would break: %s', (_what, objects, reasons) => {
    expect(inShop(...objects)?.blockers.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('counts callers in namespaces without any proxy', () => {
    const legacy = [namespace('legacy'), pod({ namespace: 'legacy', of: 'batch' })];
    expect(report([...MESH, web('default@1.31.4'), ...legacy]).mutualTls.outside).toEqual({
      namespaces: ['legacy'],
      pods: 1,
    });
  });
});

describe('webhooks', () => {
  const withEntry = (entry: object): KubeObject[] =>
    MESH.map((each) =>
      each.kind === 'MutatingWebhookConfiguration'
        ? { ...each, webhooks: (each['webhooks'] as object[]).map((old) => ({ ...old, ...entry })) }
        : each,
    );
  const caBundle = btoa(CA);
  it.each<[what: string, entry: object, state: string]>([
    ['refuses while it does not answer', {}, 'Binding'],
    ['lets pass', { failurePolicy: 'Ignore' }, 'Open'],
    ['has no CA', { clientConfig: { service: { name: 'a', namespace: 'b' } } }, 'Untrusted'],
  ])('%s', (_what, entry, state) => {
    expect(report(withEntry(entry)).webhooks).toMatchObject([{ state }]);
  });

  it('have the end of the last CA, and of a URL the origin alone', () => {
    const entry = { clientConfig: { caBundle, url: 'https://hook.example.com:9443/inject?token=1' } };
    expect(report(withEntry(entry)).webhooks).toMatchObject([
      { calls: 'https://hook.example.com:9443', caEnds: new Date(NOW + 1_000).toISOString() },
    ]);
  });

  it('of others are left out', () => {
    expect(report(withEntry({ name: 'policy.example.com' })).webhooks).toEqual([]);
  });
});

it('counts all findings by level, and tells where they are', () => {
  const broken = object('networking.istio.io/v1', 'VirtualService', 'shop/web', {
    hosts: ['web'],
    http: [{ route: [{ destination: { host: 'nowhere' } }] }],
  });
  const { findings } = report([...MESH, broken]);
  const { errors, warnings, infos, told } = findings;
  expect(told).toHaveLength(errors + warnings + infos);
  expect(errors).toBe(told.filter(({ level }) => level === 'Error').length);
  expect(told).toContainEqual(
    expect.objectContaining({
      code: 'IST0101',
      level: 'Error',
      kind: 'VirtualService',
      namespace: 'shop',
      resource: 'web',
      path: 'spec.http[0].route[0].destination.host',
    }),
  );
});

describe('Kiali', () => {
  const kiali = (labels: Record<string, string>, ports: JsonObject[]): KubeObject => {
    const service = object('v1', 'Service', 'istio-system/kiali', { ports });
    return { ...service, metadata: { ...service.metadata, labels } };
  };
  it.each([
    ['of the operator', { 'app.kubernetes.io/name': 'kiali' }],
    ['of the chart', { app: 'kiali' }],
  ])('is found by its Service: %s', (_what, labels) => {
    const ports = [
      { name: 'http-metrics', port: 9090 },
      { name: 'http', port: 20001 },
    ];
    expect(report([kiali(labels, ports)]).kiali).toEqual({ namespace: 'istio-system', name: 'kiali', port: 20001 });
  });
  it('is not told of where there is none', () => {
    expect(report(MESH)).not.toHaveProperty('kiali');
    expect(report([kiali({ app: 'kiali-proxy' }, [{ port: 1 }])])).not.toHaveProperty('kiali');
  });
});

it('holds nothing of specs', () => {
  expect(JSON.stringify(report(MESH, [istioOperator('mesh', {})]))).not.toContain('registry.example.com');
});
