import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { istioYaml, podYaml, serviceYaml } from '../../../test/builders/mesh-world.ts';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';
import type { Description } from './describe.ts';

const ROUTES = istioYaml(
  'VirtualService',
  { name: 'web' },
  `
  hosts: [web, shop.example]
  gateways: [mesh, front]
  http:
    - match: [{uri: {prefix: /v2}, headers: {end-user: {exact: a}}}]
      route: [{destination: {host: web, subset: v2}, weight: 9}, {destination: {host: web, subset: v1}, weight: 1}]
      mirror: {host: other}
    - match: [{uri: {exact: /old}}]
      redirect: {uri: /new}
    - route: [{destination: {host: web, port: {number: 80}}}]
`,
);
const MESH = [
  podYaml({ name: 'web' }, { labels: 'version: v1' }),
  podYaml({ name: 'bare' }, { carrier: 'none', labels: 'sidecar.istio.io/inject: "false"' }).replace(
    'app: bare',
    'app: web',
  ),
  podYaml({ name: 'door', namespace: 'edge' }, { carrier: 'gateway' }),
  serviceYaml({ name: 'web' }),
  ROUTES,
  istioYaml(
    'Gateway',
    { name: 'front' },
    '{selector: {app: door}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example]}]}',
  ),
  istioYaml('DestinationRule', { name: 'web' }, '{host: web, subsets: [{name: v1, labels: {version: v1}}]}'),
  istioYaml('PeerAuthentication', { name: 'default' }, '{mtls: {mode: STRICT}}'),
  istioYaml('AuthorizationPolicy', { name: 'web' }, '{selector: {matchLabels: {app: web}}, action: DENY, rules: [{}]}'),
  istioYaml('AuthorizationPolicy', { name: 'other' }, '{selector: {matchLabels: {app: other}}}'),
  istioYaml('AuthorizationPolicy', { name: 'all', namespace: 'istio-system' }, '{rules: [{}, {}]}'),
  istioYaml('RequestAuthentication', { name: 'far', namespace: 'far' }, '{}'),
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled, team: a}}\n',
];

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sailwright-describe-'));
  file = join(folder, 'mesh.yaml');
  writeFileSync(file, MESH.join('\n---\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runSailwright(['describe', ...args, '-f', file]);
const describeAs = async (...args: string[]): Promise<Description> =>
  JSON.parse((await run(...args, '-o', 'json')).out) as Description;

const ROUTE = {
  resource: 'VirtualService shop/web',
  hosts: ['web', 'shop.example'],
  gateways: ['mesh', 'shop/front'],
  routes: ['/v2* header end-user -> web v2 (90 %), web v1 (10 %), mirrored', '/old -> redirect', 'all -> web:80'],
};
const GATEWAY = { resource: 'Gateway shop/front', servers: ['80 HTTP shop.example'], pods: 1 };

describe('describe', () => {
  it('tells of a pod what holds for it and what leads to it', async () => {
    const pod = await describeAs('pod', 'web.shop');
    expect(pod).toMatchObject({
      kind: 'Pod',
      carrier: 'sidecar',
      services: [
        {
          service: 'shop/web',
          ports: [{ port: 80, target: 8080, protocol: 'http', mode: 'STRICT', policy: 'shop/default', pods: 1, of: 1 }],
        },
      ],
      routes: [ROUTE],
      gateways: [GATEWAY],
      injection: { hasProxy: true, wouldInject: false, message: 'no injection webhook is installed' },
    });
    expect(pod.policies).toEqual([
      { resource: 'AuthorizationPolicy shop/web', reach: 'workload', says: 'DENY, 1 rule' },
      { resource: 'AuthorizationPolicy istio-system/all', reach: 'mesh', says: 'ALLOW, 2 rules' },
      { resource: 'PeerAuthentication shop/default', reach: 'namespace', says: 'STRICT' },
    ]);
    expect(pod.problems).toContainEqual(
      expect.objectContaining({ code: 'IST0101', resource: 'VirtualService shop/web', level: 'Error' }),
    );
  });

  it('tells of a service its ports, pods, subsets and routes', async () => {
    const service = await describeAs('service', 'web', '-n', 'shop');
    expect(service).toMatchObject({
      host: 'web.shop.svc.cluster.local',
      visibleIn: ['*'],
      pods: [
        { name: 'web', carrier: 'sidecar' },
        { name: 'bare', carrier: 'none' },
      ],
      ports: [
        { mode: 'STRICT', carrier: 'sidecar', pods: 1, of: 2 },
        { mode: null, policy: null, carrier: 'none', pods: 1, of: 2 },
      ],
      rule: { from: ['shop/web'], subsets: [{ name: 'v1', labels: { version: 'v1' }, pods: 1 }] },
      routes: [ROUTE],
      policies: [
        { resource: 'AuthorizationPolicy shop/web', reach: 'workload', says: 'DENY, 1 rule', pods: 1, of: 2 },
        { resource: 'AuthorizationPolicy istio-system/all', reach: 'mesh', says: 'ALLOW, 2 rules', pods: 1, of: 2 },
        { resource: 'PeerAuthentication shop/default', reach: 'namespace', says: 'STRICT', pods: 1, of: 2 },
      ],
    });
  });

  it('tells of a namespace what injects there and what its pods are', async () => {
    const namespace = await describeAs('namespace', 'shop');
    expect(namespace).toMatchObject({
      labels: { 'istio-injection': 'enabled' },
      webhooks: [],
      pods: { sidecar: 1, none: 1, gateway: 0, ambient: 0 },
      mutualTls: { mode: 'STRICT', policy: 'shop/default' },
      services: ['web.shop.svc.cluster.local'],
    });
    expect(namespace.policies.map(({ resource, reach }) => `${reach} ${resource}`)).toEqual([
      'workload AuthorizationPolicy shop/web',
      'workload AuthorizationPolicy shop/other',
      'mesh AuthorizationPolicy istio-system/all',
      'namespace PeerAuthentication shop/default',
    ]);
  });

  it('names the gateways that a pod is', async () => {
    expect((await describeAs('pod', 'door.edge')).gateways).toEqual([GATEWAY]);
  });

  it('prints it in lines that fit, and 1 for errors', async () => {
    const { code, out, err } = await run('service', 'web.shop');
    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out).toContain(`Service shop/web
  host       web.shop.svc.cluster.local
  seen in    all namespaces
  pods       1 sidecar, 1 no proxy: web, bare

Ports
  PORT  OF POD  PROTOCOL  MUTUAL TLS         POLICY
  80    8080    http      STRICT (1 of 2)    shop/default
  80    8080    http      no proxy (1 of 2)  -

DestinationRule
  shop/web
    subset v1: version=v1, 1 pod

Policies
  AuthorizationPolicy shop/web          by labels  DENY, 1 rule (1 of 2 pods)
  AuthorizationPolicy istio-system/all  mesh       ALLOW, 2 rules (1 of 2 pods)
  PeerAuthentication shop/default       namespace  STRICT (1 of 2 pods)

Routes
  VirtualService shop/web for web, shop.example in mesh, shop/front
    1. /v2* header end-user -> web v2 (90 %), web v1 (10 %), mirrored
    2. /old -> redirect
    3. all -> web:80

Gateways
  Gateway shop/front, 1 pod
    80 HTTP shop.example

Problems
  Error [IST0101] (VirtualService shop/web spec.http[0].mirror.host) mirror host not found: "other"
      is no`);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  it.each([
    [[], /^sailwright describe: name what to describe: pod, service or namespace/],
    [['pod'], /name the pod: describe pod NAME/],
    [['pot', 'web'], /KIND takes pod, service or namespace, not "pot"/],
    [['pod', 'wbe.shop'], /^there is no pod wbe in namespace shop: did you mean web\?\n$/],
    [['service', 'web'], /^there is no service web in namespace default, but in shop\n$/],
    [['namespace', 'shp'], /^there is no namespace shp: did you mean shop\?\n$/],
  ])('refuses %j', async (args, says) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
  });
});
