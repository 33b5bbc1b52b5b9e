import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { istioYaml, meshWorld, podYaml, serviceYaml } from '../../../test/builders/mesh-world.ts';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';
import { TlsChecker } from '../../core/mtls/tls-check.ts';
import { checkText } from './check-text.ts';

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: shop}
spec: {template: {metadata: {labels: {app: front, sidecar.istio.io/inject: "true"}}, spec: {containers: [{name: app, image: a}]}}}
`;
const MESH = [
  DEPLOYMENT,
  podYaml({ name: 'web' }),
  podYaml({ name: 'ratings-5d8f-x2x7k' }),
  serviceYaml({ name: 'web' }),
  serviceYaml({ name: 'ratings' }),
  istioYaml('PeerAuthentication', { name: 'default' }, '{mtls: {mode: STRICT}}'),
  istioYaml('DestinationRule', { name: 'web' }, '{host: web, trafficPolicy: {tls: {mode: DISABLE}}}'),
];

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sailwright-tls-check-'));
  file = join(folder, 'mesh.yaml');
  writeFileSync(file, MESH.join('---'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runSailwright(['authn', 'tls-check', '-f', file, ...args]);

describe('authn tls-check', () => {
  it('prints a row for each port, and of a conflict what decides and what to do', async () => {
    const { code, out } = await run('front.shop');
    expect(code).toBe(1);
    expect(out).toBe(
      `Client front in shop, with a sidecar

HOST:PORT                          STATUS    SERVER  CLIENT       AUTHN POLICY  DESTINATION RULE
web.shop.svc.cluster.local:80      CONFLICT  STRICT  DISABLE      shop/default  shop/web
ratings.shop.svc.cluster.local:80  -         -       auto: plain  -             -

web.shop:80 CONFLICT: plain text is sent where only mutual TLS is taken
  server: PeerAuthentication shop/default, spec.mtls.mode: STRICT
  client: DestinationRule shop/web, spec.trafficPolicy.tls.mode: DISABLE
  to do:  take tls out of DestinationRule shop/web (spec.trafficPolicy.tls.mode), so that mutual TLS
          is used by itself, or say ISTIO_MUTUAL there

2 ports of 2 hosts: 1 CONFLICT, 1 with nothing to compare (-)
`,
    );
  });

  it.each([
    ['web', 1],
    ['web.shop', 1],
    ['web.shop.svc.cluster.local:80', 1],
    ['ratings', 0],
  ])('checks host %s alone', async (host, code) => {
    const ended = await run('front.shop', host, '-o', 'json');
    expect(ended.code).toBe(code);
    const { checks } = JSON.parse(ended.out) as { checks: unknown[] };
    expect(checks).toHaveLength(1);
  });

  it('has as JSON what the help describes', async () => {
    const { out } = await run('front', '-n', 'shop', 'web', '-o', 'json');
    expect(JSON.parse(out)).toEqual({
      client: { name: 'front', namespace: 'shop', carrier: 'sidecar', revision: null },
      checks: [
        {
          host: 'web.shop.svc.cluster.local',
          port: 80,
          subset: null,
          status: 'CONFLICT',
          why: 'plain text is sent where only mutual TLS is taken',
          advice: expect.stringContaining('take tls out of DestinationRule shop/web') as string,
          server: {
            carrier: 'sidecar',
            mode: 'STRICT',
            policy: 'shop/default',
            path: 'spec.mtls.mode',
            pods: 1,
            of: 1,
          },
          client: {
            sends: 'plain',
            automatic: false,
            mode: 'DISABLE',
            destinationRule: 'shop/web',
            path: 'spec.trafficPolicy.tls.mode',
            sidecar: null,
          },
        },
      ],
    });
  });

  it.each([
    [[], /name the pod that calls: POD\.NAMESPACE \(see/],
    [['wbe.shop'], /^there is no pod wbe in namespace shop: did you mean web\?\n$/],
    [['ratings.shop'], /^there is no pod ratings in namespace shop; there are ratings-5d8f-x2x7k\n$/],
    [['web.hsop'], /^there is no pod web in namespace hsop, but in shop\n$/],
    [['web.shop', 'ratngs'], /^no Service or ServiceEntry has the host ratngs: did you mean ratings\.shop\.svc/],
    [['web.shop', 'web:81'], /^web\.shop\.svc\.cluster\.local has no port 81: it has 80\n$/],
  ])('refuses %j', async (args, says) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
  });

  it('shortens hosts where lines do not fit', () => {
    const checker = new TlsChecker(meshWorld(...MESH));
    const client = checker.workloads[0];
    if (!client) throw new Error('there is no client');
    const lines = checkText(client, checker.check(client), 80).split('\n');
    expect(lines).toContain('web.shop:80      CONFLICT  STRICT  DISABLE      shop/default  shop/web');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    const narrow = checkText(client, checker.check(client), 66);
    expect(narrow).toContain('STRICT  DISABLE      shop/default\n    by DestinationRule shop/web\n');
  });

  it('tells once what holds for several ports', () => {
    const edge = { name: 'edge' };
    const ports = 'ports: [{name: http, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]';
    const service = `{apiVersion: v1, kind: Service, metadata: {name: edge, namespace: shop}, spec: {selector: {app: edge}, ${ports}}}`;
    const checker = new TlsChecker(meshWorld(podYaml({ name: 'web' }), podYaml(edge, { carrier: 'gateway' }), service));
    const client = checker.workloads.find(({ name }) => name === 'web');
    if (!client) throw new Error('there is no client');
    const text = checkText(client, checker.check(client), 110);
    expect(text.match(/DEPENDS: /g)).toHaveLength(1);
    expect(text).toContain('edge.shop:80, edge.shop:443 DEPENDS: ');
    expect(text).toContain('2 ports of 1 host: 2 DEPENDS\n');
  });

  it('counts rows in its last line, so that they add up where pods or subsets of a port differ', () => {
    const rule =
      '{host: web, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}, ' +
      'subsets: [{name: old, trafficPolicy: {tls: {mode: DISABLE}}}]}';
    const bare = podYaml({ name: 'bare' }, { carrier: 'none' }).replace('app: bare', 'app: web');
    const subsets = istioYaml('DestinationRule', { name: 'web' }, rule);
    const checker = new TlsChecker(meshWorld(podYaml({ name: 'web' }), bare, serviceYaml({ name: 'web' }), subsets));
    const client = checker.workloads.find(({ name }) => name === 'web');
    if (!client) throw new Error('there is no client');
    const text = checkText(client, checker.check(client), 110);
    expect(text).toContain('\n4 rows for 1 port of 1 host: 3 OK, 1 CONFLICT\n');
  });
});
