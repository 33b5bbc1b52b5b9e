import { describe, expect, it } from 'vitest';
import { controlPlane, namespace, object, pod } from '../../../test/builders/small-mesh.ts';
import type { Json, KubeObject } from '../kube-object.ts';
import { toMeshState } from '../mesh/mesh-state.ts';
import { computeReport } from './compute-report.ts';
import type { RouteMap } from './route-map.ts';
import { traceRequest, type Trace } from './trace-request.ts';

const NETWORKING = 'networking.istio.io/v1';
const to = (host: string, more: object = {}): Json => ({ destination: { host, ...more } });
const virtualService = (name: string, hosts: string[], http: object[], gateways?: string[]): KubeObject =>
  object(NETWORKING, 'VirtualService', name, {
    hosts,
    http: http as unknown as Json,
    ...(gateways ? { gateways } : {}),
  });

const WORLD = [
  ...controlPlane('', '1.31.4'),
  namespace('shop'),
  object(NETWORKING, 'Gateway', 'shop/edge', {
    selector: { app: 'edge' },
    servers: [{ port: { number: 443, protocol: 'HTTPS', name: 'https' }, hosts: ['*/*.example.com'] }],
  }),
  pod({ namespace: 'istio-system', of: 'edge', proxy: 'default@1.31.4' }),
  pod({ namespace: 'shop', of: 'web', labels: { version: 'v1' } }),
  pod({ namespace: 'shop', of: 'web', nth: 1, labels: { version: 'v2' } }),
  object('v1', 'Service', 'shop/web', { selector: { app: 'web' }, ports: [{ port: 80 }] }),
  object(NETWORKING, 'DestinationRule', 'shop/web', {
    host: 'web',
    subsets: [{ name: 'v2', labels: { version: 'v2' } }],
  }),
  virtualService(
    'shop/web',
    ['web.example.com'],
    [
      { match: [{ uri: { exact: '/health' } }], directResponse: { status: 200 } },
      { match: [{ headers: { 'x-beta': { exact: 'sesame' } } }], route: [to('web', { subset: 'v2' })] },
      { match: [{ uri: { prefix: '/api' }, ignoreUriCase: true }], route: [to('web'), to('gone')] },
      { match: [{ uri: { prefix: '/' }, gateways: ['mesh'] }], route: [to('web')] },
      { route: [to('web')], mirror: { host: 'audit' } },
    ],
    ['edge', 'mesh'],
  ),
  virtualService('shop/rest', ['*.example.com'], [{ route: [to('rest')] }], ['edge']),
  virtualService('shop/inner', ['web'], [{ route: [to('web')] }]),
];

function routesOf(objects: readonly KubeObject[]): RouteMap {
  return computeReport({
    source: { kind: 'cluster', name: 'test', sailwright: '0' },
    surroundings: { now: 0, readCertificate: () => undefined },
    mesh: toMeshState({ objects, unread: [] }, 'istio-system'),
  }).routes;
}

const ROUTES = routesOf(WORLD);
const from = (entrance: string, host: string, path: string): Trace | undefined =>
  traceRequest(ROUTES, { host, path }).find((trace) => trace.entrance === entrance);
const verdicts = (trace: Trace | undefined): string[] =>
  (trace?.rules ?? []).map(({ virtualService: name, rule, verdict }) => `${name} ${rule.field} ${verdict}`);

describe('the rule that decides', () => {
  it.each<[path: string, field: string]>([
    ['/health', 'http[0]'],
    ['/API/users', 'http[2]'],
    ['/other', 'http[4]'],
  ])('of %s is %s', (path, field) => {
    const taken = from('shop/edge', 'web.example.com', path)?.rules.filter(({ verdict }) => verdict === 'taken');
    expect(taken?.map(({ rule }) => rule.field)).toEqual([field]);
  });

  it('is the first that holds: later ones are passed over, and what hangs on more is named', () => {
    const trace = from('shop/edge', 'web.example.com', '/api');
    expect(verdicts(trace)).toEqual([
      'shop/web http[0] passed over',
      'shop/web http[1] perhaps',
      'shop/web http[2] taken',
      'shop/web http[3] passed over',
      'shop/web http[4] passed over',
    ]);
    expect(trace?.rules[1]?.why).toBe('any path, if header x-beta');
  });

  it('may be for one entrance alone', () => {
    const taken = from('mesh', 'web.example.com', '/x')?.rules.find(({ verdict }) => verdict === 'taken');
    expect(taken?.rule.field).toBe('http[3]');
  });
});

describe('the VirtualService', () => {
  it('with the most exact host is the one', () => {
    expect(verdicts(from('shop/edge', 'other.example.com', '/'))).toEqual(['shop/rest http[0] taken']);
  });

  it.each(['web.shop', 'web.shop.svc', 'web.shop.svc.cluster.local'])('of a service is found as %s', (host) => {
    expect(verdicts(from('mesh', host, '/'))).toEqual(['shop/inner http[0] taken']);
  });

  it('of a host that nobody knows is none', () => {
    expect(traceRequest(ROUTES, { host: 'example.org', path: '/' })).toEqual([]);
  });

  it('may be missing where a gateway opens a port all the same', () => {
    const routes = routesOf(WORLD.filter(({ kind }) => kind !== 'VirtualService'));
    expect(traceRequest(routes, { host: 'web.example.com', path: '/' })).toMatchObject([
      { entrance: 'shop/edge', ports: ['443 HTTPS'], rules: [], targets: [] },
    ]);
  });
});

describe('where it leads', () => {
  it('is a service with its pods, and a copy', () => {
    expect(from('shop/edge', 'web.example.com', '/x')?.targets.filter(({ isCertain }) => isCertain)).toMatchObject([
      {
        host: 'web.shop.svc.cluster.local',
        weight: 100,
        isMirror: false,
        service: { from: 'Service shop/web', workloads: [{ name: 'Deployment shop/web', pods: 2 }] },
      },
      { host: 'audit.shop.svc.cluster.local', isMirror: true, service: { from: '', workloads: [] } },
    ]);
  });

  it('is a subset with the pods of its labels', () => {
    const service = ROUTES.services.find(({ host }) => host === 'web.shop.svc.cluster.local');
    expect(service?.subsets).toEqual([
      {
        name: 'v2',
        labels: 'version=v2',
        by: 'DestinationRule shop/web',
        workloads: [{ name: 'Deployment shop/web', pods: 1 }],
      },
    ]);
  });

  it('tells whose pods are the gateway', () => {
    expect(ROUTES.gateways[0]?.workloads).toEqual([{ name: 'Deployment istio-system/edge', pods: 1 }]);
  });
});

it('tells no values of headers', () => {
  expect(JSON.stringify(ROUTES)).not.toContain('sesame');
});
