import { describe, expect, it } from 'vitest';
import { istioYaml, meshConfigYaml, meshWorld, podYaml, serviceYaml } from '../../../test/builders/mesh-world.ts';
import { TlsChecker, type TlsCheck } from './tls-check.ts';

const CLIENT = podYaml({ name: 'client', namespace: 'front' });
const WEB = podYaml({ name: 'web' }) + '---' + serviceYaml({ name: 'web' });
const HOST = 'web.shop.svc.cluster.local';

function check(...yaml: string[]): TlsCheck[] {
  const checker = new TlsChecker(meshWorld(...yaml));
  const client = checker.workloads.find(({ name }) => name === 'client');
  if (!client) throw new Error('there is no client');
  return checker.check(client);
}

/** `OK PERMISSIVE mtls`: what one row says, in short. */
function short({ status, server, client }: TlsCheck): string {
  return `${status} ${server.mode ?? server.carrier} ${client.wire}`;
}

function rowsOf(...yaml: string[]): string[] {
  return check(...yaml).map(short);
}

const server = (mode: string): string =>
  mode === '' ? '' : istioYaml('PeerAuthentication', { name: 'default' }, `{mtls: {mode: ${mode}}}`);
const rule = (tls: string): string =>
  tls === ''
    ? ''
    : istioYaml(
        'DestinationRule',
        { name: 'web' },
        `{host: web, trafficPolicy: {tls: {mode: ${tls}${
          tls === 'MUTUAL' ? ', clientCertificate: /a, privateKey: /b' : ''
        }}}}`,
      );

describe('what a server takes and a client sends', () => {
  // Server's mode (none set is PERMISSIVE), then what DestinationRules set.
  const MATRIX: Record<string, Record<string, string>> = {
    '': {
      '': 'OK PERMISSIVE mtls',
      DISABLE: 'OK PERMISSIVE plain',
      SIMPLE: 'CONFLICT PERMISSIVE tls',
      MUTUAL: 'CONFLICT PERMISSIVE own-tls',
      ISTIO_MUTUAL: 'OK PERMISSIVE mtls',
    },
    PERMISSIVE: {
      '': 'OK PERMISSIVE mtls',
      DISABLE: 'OK PERMISSIVE plain',
      SIMPLE: 'CONFLICT PERMISSIVE tls',
      MUTUAL: 'CONFLICT PERMISSIVE own-tls',
      ISTIO_MUTUAL: 'OK PERMISSIVE mtls',
    },
    STRICT: {
      '': 'OK STRICT mtls',
      DISABLE: 'CONFLICT STRICT plain',
      SIMPLE: 'CONFLICT STRICT tls',
      MUTUAL: 'DEPENDS STRICT own-tls',
      ISTIO_MUTUAL: 'OK STRICT mtls',
    },
    DISABLE: {
      '': 'OK DISABLE plain',
      DISABLE: 'OK DISABLE plain',
      SIMPLE: 'CONFLICT DISABLE tls',
      MUTUAL: 'CONFLICT DISABLE own-tls',
      ISTIO_MUTUAL: 'CONFLICT DISABLE mtls',
    },
  };
  for (const [mode, byRule] of Object.entries(MATRIX)) {
    for (const [tls, expected] of Object.entries(byRule)) {
      it(`${mode || 'nothing'} and ${tls || 'nothing'}: ${expected}`, () => {
        expect(rowsOf(CLIENT, WEB, server(mode), rule(tls))).toEqual([expected]);
      });
    }
  }

  it.each([
    ['tcp', 'SIMPLE', 'DEPENDS PERMISSIVE tls'],
    ['web', 'SIMPLE', 'DEPENDS PERMISSIVE tls'],
    ['https', 'SIMPLE', 'DEPENDS PERMISSIVE tls'],
    ['grpc-api', 'SIMPLE', 'CONFLICT PERMISSIVE tls'],
    ['tcp', 'ISTIO_MUTUAL', 'OK PERMISSIVE mtls'],
  ])('at a port named %s, %s: %s', (port, tls, expected) => {
    const service = serviceYaml({ name: 'web' }).replace('name: http', `name: ${port}`);
    expect(rowsOf(CLIENT, podYaml({ name: 'web' }), service, rule(tls))).toEqual([expected]);
  });

  it.each([
    ['', '', 'OK none plain'],
    ['', 'ISTIO_MUTUAL', 'CONFLICT none mtls'],
    ['', 'SIMPLE', 'DEPENDS none tls'],
    ['STRICT', '', 'OK none plain'],
  ])('a pod without a sidecar, %s and %s: %s', (mode, tls, expected) => {
    const pod = podYaml({ name: 'web' }, { carrier: 'none' });
    expect(rowsOf(CLIENT, pod, serviceYaml({ name: 'web' }), server(mode), rule(tls))).toEqual([expected]);
  });

  it.each([
    ['PERMISSIVE', '', 'OK PERMISSIVE plain'],
    ['STRICT', 'ISTIO_MUTUAL', 'CONFLICT STRICT plain'],
  ])('a client without a sidecar, %s and %s: %s', (mode, tls, expected) => {
    const client = podYaml({ name: 'client', namespace: 'front' }, { carrier: 'none' });
    expect(rowsOf(client, WEB, server(mode), rule(tls))).toEqual([expected]);
  });

  it('tells pods of one service apart that take different things', () => {
    const rows = check(
      CLIENT,
      WEB,
      podYaml({ name: 'other' }, { carrier: 'none' }).replace('app: other', 'app: web'),
      server('STRICT'),
    );
    expect(rows.map(short)).toEqual(['OK STRICT mtls', 'OK none plain']);
    expect(rows.map(({ server: { pods, of } }) => `${pods}/${of}`)).toEqual(['1/2', '1/2']);
  });

  it('names what decided, with its place', () => {
    const [row] = check(CLIENT, WEB, server('STRICT'), rule('DISABLE'));
    expect(row).toMatchObject({
      host: HOST,
      port: 80,
      server: { by: { name: 'default' }, path: 'spec.mtls.mode' },
      client: { setting: { by: { name: 'web' }, path: 'spec.trafficPolicy.tls.mode' } },
      why: 'plain text is sent where only mutual TLS is taken',
    });
  });
});

describe('automatic mutual TLS', () => {
  const wire = (...yaml: string[]): string[] => check(...yaml).map(({ client }) => client.wire);

  it('can be off in the mesh', () => {
    expect(wire(CLIENT, WEB, meshConfigYaml('enableAutoMtls: false'))).toEqual(['plain']);
  });

  it('is not used for a port that a policy has as DISABLE, but for all of a namespace that is so', () => {
    const forPort = istioYaml(
      'PeerAuthentication',
      { name: 'port' },
      '{selector: {matchLabels: {app: web}}, portLevelMtls: {8080: {mode: DISABLE}}}',
    );
    const narrow = istioYaml(
      'PeerAuthentication',
      { name: 'narrow' },
      '{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}',
    );
    expect(rowsOf(CLIENT, WEB, forPort)).toEqual(['OK DISABLE plain']);
    // Clients look at the namespace of the service first: a stricter workload in it is not reached.
    expect(rowsOf(CLIENT, WEB, server('DISABLE'), narrow)).toEqual(['CONFLICT STRICT plain']);
  });

  it('believes the label of pods, not what runs in them', () => {
    const silent = WEB.replace('tlsMode: istio', 'tlsMode: disabled');
    expect(rowsOf(CLIENT, silent, server('STRICT'))).toEqual(['CONFLICT STRICT plain']);
  });

  it.each([
    ['ISTIO_MUTUAL', '', 'OK PERMISSIVE mtls'],
    ['ISTIO_MUTUAL', 'DISABLE', 'OK DISABLE plain'],
    ['DISABLE', 'STRICT', 'CONFLICT STRICT plain'],
  ])('at a port with settings but none of TLS, below %s and at %s: %s', (tls, mode, expected) => {
    const pool = 'portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 1}}}]';
    const both = rule(tls).replace('trafficPolicy: {', `trafficPolicy: {${pool}, `);
    expect(rowsOf(CLIENT, WEB, server(mode), both)).toEqual([expected]);
  });

  it('is for all pods of a headless service or for none', () => {
    const headless = serviceYaml({ name: 'web' }, 'clusterIP: None');
    const plain = podYaml({ name: 'bare' }, { carrier: 'none' }).replace('app: bare', 'app: web');
    expect(wire(CLIENT, podYaml({ name: 'web' }), headless)).toEqual(['mtls']);
    expect(rowsOf(CLIENT, podYaml({ name: 'web' }), headless, plain, server('STRICT'))).toEqual([
      'CONFLICT STRICT plain',
      'OK none plain',
    ]);
  });

  it('ends at ports that go past the proxy', () => {
    const past = (annotations: string): string =>
      podYaml({ name: 'web' }, { annotations }) + '---' + serviceYaml({ name: 'web' });
    const annotation = 'traffic.sidecar.istio.io';
    expect(rowsOf(CLIENT, past(`${annotation}/excludeInboundPorts: "9, 8080"`), server('STRICT'))).toEqual([
      'CONFLICT none mtls',
    ]);
    expect(rowsOf(CLIENT, past(`${annotation}/includeInboundPorts: "9"`))).toEqual(['CONFLICT none mtls']);
    expect(rowsOf(CLIENT, past(`${annotation}/includeInboundPorts: "*"`))).toEqual(['OK PERMISSIVE mtls']);
    const client = podYaml(
      { name: 'client', namespace: 'front' },
      { annotations: `${annotation}/excludeOutboundPorts: "80"` },
    );
    expect(rowsOf(client, WEB, server('STRICT'))).toEqual(['CONFLICT STRICT plain']);
  });
});

describe('subsets', () => {
  it('have rows of their own where clients connect to them otherwise', () => {
    const subsets =
      'subsets: [{name: v1, labels: {app: web}}, {name: v2, labels: {v: "2"}, trafficPolicy: {tls: {mode: DISABLE}}}]';
    const both = rule('ISTIO_MUTUAL').replace('{host: web,', `{host: web, ${subsets},`);
    const second = podYaml({ name: 'second' }, { labels: 'v: "2"' }).replace('app: second', 'app: web');
    const rows = check(CLIENT, WEB, second, server('STRICT'), both);
    expect(rows.map((row) => `${row.subset ?? ''} ${short(row)}`)).toEqual([
      ' OK STRICT mtls',
      'v2 CONFLICT STRICT plain',
    ]);
    expect(rows[1]).toMatchObject({
      server: { pods: 1 },
      client: { setting: { path: 'spec.subsets[v2].trafficPolicy.tls.mode' } },
    });
  });
});

describe('policies of servers', () => {
  const SELECTS = 'selector: {matchLabels: {app: web}}';
  const policy = (name: string, spec: string, namespace = 'shop', created = ''): string =>
    istioYaml('PeerAuthentication', { name, namespace }, spec).replace(
      'metadata: {',
      created ? `metadata: {creationTimestamp: "${created}", ` : 'metadata: {',
    );
  const mesh = policy('default', '{mtls: {mode: STRICT}}', 'istio-system');

  it.each<[string, string[], string]>([
    ['nothing is PERMISSIVE', [], 'PERMISSIVE'],
    ['the mesh', [mesh], 'STRICT'],
    ['the namespace before the mesh', [mesh, policy('ns', '{mtls: {mode: DISABLE}}')], 'DISABLE'],
    ['UNSET inherits', [mesh, policy('ns', '{mtls: {mode: UNSET}}')], 'STRICT'],
    ['nothing said inherits', [mesh, policy('ns', '{}')], 'STRICT'],
    [
      'the workload before the namespace',
      [policy('ns', '{mtls: {mode: DISABLE}}'), policy('w', `{${SELECTS}, mtls: {mode: STRICT}}`)],
      'STRICT',
    ],
    [
      'a workload that is not selected',
      [policy('w', '{selector: {matchLabels: {app: x}}, mtls: {mode: STRICT}}')],
      'PERMISSIVE',
    ],
    [
      'the port before the workload',
      [policy('w', `{${SELECTS}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: PERMISSIVE}}}`)],
      'PERMISSIVE',
    ],
    [
      'the port of the pod, not of the service',
      [policy('w', `{${SELECTS}, mtls: {mode: STRICT}, portLevelMtls: {80: {mode: PERMISSIVE}}}`)],
      'STRICT',
    ],
    [
      'a port that is UNSET',
      [policy('w', `{${SELECTS}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: UNSET}}}`)],
      'STRICT',
    ],
    [
      'a selector in the root namespace selects nothing',
      [policy('r', `{${SELECTS}, mtls: {mode: STRICT}}`, 'istio-system')],
      'PERMISSIVE',
    ],
    ['an empty selector is none', [policy('ns', '{selector: {matchLabels: {}}, mtls: {mode: STRICT}}')], 'STRICT'],
    [
      'the older of two',
      [
        policy('a', '{mtls: {mode: STRICT}}', 'shop', '2026-02-01T00:00:00Z'),
        policy('b', '{mtls: {mode: DISABLE}}', 'shop', '2026-01-01T00:00:00Z'),
      ],
      'DISABLE',
    ],
    [
      'one of another revision',
      [
        policy('ns', '{mtls: {mode: STRICT}}').replace(
          'namespace: shop',
          'namespace: shop, labels: {istio.io/rev: canary}',
        ),
      ],
      'PERMISSIVE',
    ],
  ])('%s', (_, policies, expected) => {
    const web = WEB.replace('{app: web,', '{app: web, istio.io/rev: default,');
    expect(check(CLIENT, web, ...policies)[0]?.server.mode).toBe(expected);
  });

  it('find the port by the name that a container gives it', () => {
    const named = WEB.replace('targetPort: 8080', 'targetPort: web');
    const strict = policy('w', `{${SELECTS}, portLevelMtls: {8080: {mode: STRICT}}}`);
    expect(rowsOf(CLIENT, named, strict)).toEqual(['OK STRICT mtls']);
  });
});

describe('what a client knows', () => {
  const sidecar = (spec: string): string => istioYaml('Sidecar', { name: 'default', namespace: 'front' }, spec);

  it.each([
    ['{egress: [{hosts: ["shop/*"]}]}', 'OK STRICT mtls'],
    ['{egress: [{hosts: ["*/*"]}]}', 'OK STRICT mtls'],
    ['{egress: [{hosts: ["*/web.shop.svc.cluster.local"]}]}', 'OK STRICT mtls'],
    ['{egress: [{hosts: ["*/*.shop.svc.cluster.local"]}]}', 'OK STRICT mtls'],
    ['{egress: [{hosts: ["./*"]}]}', 'CONFLICT STRICT plain'],
    ['{egress: [{hosts: ["~/*"]}]}', 'CONFLICT STRICT plain'],
    ['{egress: [{port: {number: 81, protocol: HTTP, name: a}, hosts: ["*/*"]}]}', 'CONFLICT STRICT plain'],
    ['{egress: [{hosts: ["./*"]}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}', 'NONE unknown refused'],
    ['{workloadSelector: {labels: {app: other}}, egress: [{hosts: ["./*"]}]}', 'OK STRICT mtls'],
    ['{workloadSelector: {labels: {app: client}}, egress: [{hosts: ["./*"]}]}', 'CONFLICT STRICT plain'],
  ])('with %s: %s', (spec, expected) => {
    expect(rowsOf(CLIENT, WEB, server('STRICT'), sidecar(spec))).toEqual([expected]);
  });

  it('is what services are exported for', () => {
    const own = WEB.replace(
      'metadata: {name: web',
      'metadata: {annotations: {networking.istio.io/exportTo: .}, name: web',
    );
    expect(rowsOf(CLIENT, own, server('STRICT'))).toEqual(['CONFLICT STRICT plain']);
  });
});

describe('services outside of the mesh', () => {
  const entry = (extra = ''): string =>
    istioYaml(
      'ServiceEntry',
      { name: 'api' },
      `{hosts: [api.example.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS${extra}}`,
    );
  const tls = (mode: string): string =>
    istioYaml('DestinationRule', { name: 'api' }, `{host: api.example.com, trafficPolicy: {tls: {mode: ${mode}}}}`);

  it.each([
    ['', 'OK outside plain'],
    ['SIMPLE', 'OK outside tls'],
    ['ISTIO_MUTUAL', 'CONFLICT outside mtls'],
  ])('with %s: %s', (mode, expected) => {
    expect(rowsOf(CLIENT, entry(), mode === '' ? '' : tls(mode))).toEqual([expected]);
  });

  it('a service without pods has nothing to compare', () => {
    expect(check(CLIENT, serviceYaml({ name: 'web' }))[0]).toMatchObject({
      status: 'NONE',
      why: 'the service selects no pod',
    });
  });
});

describe('the ambient side of a mesh', () => {
  const ztunnel = podYaml({ name: 'web' }, { carrier: 'ambient' }) + '---' + serviceYaml({ name: 'web' });
  const tunnelling = podYaml({ name: 'client', namespace: 'front' }, { labels: 'networking.istio.io/tunnel: http' });
  const ambient = podYaml({ name: 'client', namespace: 'front' }, { carrier: 'ambient' });

  it.each([
    ['a sidecar that speaks the tunnel', tunnelling, 'STRICT', '', 'OK STRICT hbone'],
    ['with mutual TLS set, which the tunnel replaces', tunnelling, 'STRICT', 'ISTIO_MUTUAL', 'OK STRICT hbone'],
    ['a sidecar that does not', CLIENT, 'STRICT', '', 'CONFLICT STRICT plain'],
    ['the same where plain text is taken', CLIENT, 'PERMISSIVE', '', 'OK PERMISSIVE plain'],
    ['with mutual TLS set', CLIENT, 'PERMISSIVE', 'ISTIO_MUTUAL', 'CONFLICT PERMISSIVE mtls'],
    ['ztunnel', ambient, 'STRICT', 'DISABLE', 'OK STRICT hbone'],
  ])('%s', (_, client, mode, tls, expected) => {
    expect(rowsOf(client, ztunnel, server(mode), rule(tls))).toEqual([expected]);
  });

  it('ztunnel speaks plain text to sidecars that have no tunnel', () => {
    expect(rowsOf(ambient, WEB, server('STRICT'))).toEqual(['CONFLICT STRICT plain']);
  });
});
