import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import type { JsonObject } from '../kube-object.ts';
import { predictAdmission } from './predict-admission.ts';
import { validateResource } from './validate-resource.ts';

const VERSIONS = new Map(ISTIO_KINDS.map(({ group, kind, versions }) => [kind as string, `${group}/${versions[0]}`]));

function resource(kind: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: VERSIONS.get(kind) ?? '', kind, metadata: { name: 'x', namespace: 'team', ...metadata }, spec };
}

/** `code path` of all that is said, errors first marked with `!`. */
function said(object: JsonObject): string[] {
  const verdict = validateResource(object);
  return [...(verdict?.findings ?? []), ...(verdict?.advice ?? [])].map(
    ({ severity, code, path }) => `${severity === 'error' ? '!' : ''}${code} ${path}`,
  );
}

const route = [{ destination: { host: 'reviews' } }];
const http = [{ route }];

describe('validation of a resource', () => {
  it.each<[what: string, kind: string, spec: JsonObject, expected: string[]]>([
    ['a plain route', 'VirtualService', { hosts: ['reviews'], http }, []],
    ['no routes', 'VirtualService', { hosts: ['reviews'] }, ['!RoutesMissing spec']],
    ['* in the mesh', 'VirtualService', { hosts: ['*'], http }, ['!HostWildcardInMesh spec.hosts[0]']],
    ['* at a gateway', 'VirtualService', { hosts: ['*'], gateways: ['team/public'], http }, []],
    ['hosts that overlap', 'VirtualService', { hosts: ['*.a.com', 'b.a.com'], http }, ['!HostDuplicate spec.hosts[1]']],
    [
      'an old name of a gateway',
      'VirtualService',
      { hosts: ['a.com'], gateways: ['public.team.svc'], http },
      ['GatewayNameOldForm spec.gateways[0]'],
    ],
    [
      'a duration that is too fine',
      'VirtualService',
      { hosts: ['reviews'], http: [{ route, timeout: '1.5ms' }] },
      ['!DurationTooFine spec.http[0].timeout'],
    ],
    [
      'shares of 50 and 60',
      'VirtualService',
      {
        hosts: ['reviews'],
        http: [
          {
            route: [
              { destination: { host: 'a' }, weight: 50 },
              { destination: { host: 'b' }, weight: 60 },
            ],
          },
        ],
      },
      ['WeightsNotHundred spec.http[0].route'],
    ],
    [
      'a rule behind one that takes everything',
      'VirtualService',
      { hosts: ['reviews'], http: [{ route }, { match: [{ uri: { exact: '/a' } }], route }] },
      ['VirtualServiceUnreachableRule spec.http[1]'],
    ],
    [
      'a prefix behind a shorter one',
      'VirtualService',
      {
        hosts: ['reviews'],
        http: [
          { match: [{ uri: { prefix: '/a' } }], route },
          { match: [{ uri: { prefix: '/a/b' } }], route },
        ],
      },
      ['VirtualServiceIneffectiveMatch spec.http[1].match[0]'],
    ],
    [
      'an unknown field',
      'VirtualService',
      { hosts: ['reviews'], http: [{ route, timeouts: '1s' }] },
      ['UnknownField spec.http[0].timeouts'],
    ],
    [
      'two subsets of one name',
      'DestinationRule',
      { host: 'reviews', subsets: [{ name: 'v1' }, { name: 'v1' }] },
      ['!SubsetDuplicate spec.subsets[1].name'],
    ],
    [
      'failover without detection, in a subset',
      'DestinationRule',
      {
        host: 'reviews',
        subsets: [
          {
            name: 'v1',
            trafficPolicy: { loadBalancer: { localityLbSetting: { failover: [{ from: 'eu', to: 'us' }] } } },
          },
        ],
      },
      ['FailoverWithoutDetection spec.subsets[0].trafficPolicy.loadBalancer.localityLbSetting'],
    ],
    [
      'a table for Maglev that is no prime',
      'DestinationRule',
      {
        host: 'a',
        trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 100 } } } },
      },
      ['!MaglevSizeInvalid spec.trafficPolicy.loadBalancer.consistentHash.maglev.tableSize'],
    ],
    ['no servers', 'Gateway', { selector: { app: 'x' } }, ['!ServersMissing spec.servers']],
    [
      'HTTPS without certificates',
      'Gateway',
      {
        servers: [
          { hosts: ['a.com'], port: { number: 443, name: 'https', protocol: 'HTTPS' }, tls: { mode: 'SIMPLE' } },
        ],
      },
      [
        '!CertificateMissing spec.servers[0].tls.serverCertificate',
        '!CertificateMissing spec.servers[0].tls.privateKey',
      ],
    ],
    [
      'a host without a name to look up',
      'ServiceEntry',
      { hosts: ['*.example.com'], resolution: 'DNS', ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] },
      ['!HostNotResolvable spec.hosts[0]'],
    ],
    ['a sidecar that says nothing', 'Sidecar', {}, ['!SidecarEmpty spec']],
    ['a short host', 'Sidecar', { egress: [{ hosts: ['./reviews'] }] }, ['!HostShortName spec.egress[0].hosts[0]']],
    ['neither address nor network', 'WorkloadEntry', {}, ['!AddressMissing spec.address']],
    ['no template', 'WorkloadGroup', {}, ['!TemplateMissing spec.template']],
    ['fewer than no threads', 'ProxyConfig', { concurrency: -1 }, ['!ConcurrencyNegative spec.concurrency']],
    [
      'ports without a selector',
      'PeerAuthentication',
      { portLevelMtls: { 80: { mode: 'STRICT' } } },
      ['!PortLevelNeedsSelector spec.portLevelMtls'],
    ],
    ['nobody who issues', 'RequestAuthentication', { jwtRules: [{}] }, ['!IssuerMissing spec.jwtRules[0]']],
    [
      'a secret key for all to read',
      'RequestAuthentication',
      { jwtRules: [{ issuer: 'a', jwks: '{"keys":[{"kty":"oct","k":"AAAA"}]}' }] },
      ['JwksPrivateKey spec.jwtRules[0].jwks'],
    ],
    ['ALLOW of nothing', 'AuthorizationPolicy', {}, ['AllowsNothing spec.rules']],
    ['DENY of nothing', 'AuthorizationPolicy', { action: 'DENY' }, ['!RulesMissing spec.rules']],
    [
      'DENY by a path',
      'AuthorizationPolicy',
      { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/admin'] } }] }] },
      ['DenyWithHttpOnly spec.rules[0]'],
    ],
    [
      'a template with {**} in the middle',
      'AuthorizationPolicy',
      { rules: [{ to: [{ operation: { paths: ['/{**}/{*}'] } }] }] },
      ['!PathTemplateInvalid spec.rules[0].to[0].operation.paths[0]'],
    ],
    [
      'an expression that does not end',
      'Telemetry',
      { accessLogging: [{ filter: { expression: 'response.code >=' } }] },
      ['!CelInvalid spec.accessLogging[0].filter.expression'],
    ],
    ['a module from nowhere', 'WasmPlugin', { url: 'ftp://a/b' }, ['!UrlInvalid spec.url']],
    ['neither module nor script', 'TrafficExtension', {}, ['!ExtensionConflict spec']],
  ])('%s', (_what, kind, spec, expected) => {
    expect(said(resource(kind, spec))).toEqual(expected);
  });

  it('refuses annotations that only Istio may set, and the proof of the webhook', () => {
    const annotations = { 'internal.istio.io/parents': 'a/b', 'internal.istio.io/webhook-always-reject': 'true' };
    expect(said(resource('VirtualService', { hosts: ['a'], http }, { annotations }))).toEqual([
      '!AlwaysRejected metadata.annotations["internal.istio.io/webhook-always-reject"]',
      '!AnnotationReserved metadata.annotations["internal.istio.io/parents"]',
    ]);
  });

  it('takes a trial run of a policy that allows or denies, and of nothing else', () => {
    const annotations = { 'istio.io/dry-run': 'true' };
    const rules = [{ to: [{ operation: { ports: ['80'] } }] }];
    expect(said(resource('AuthorizationPolicy', { rules }, { annotations }))).toEqual([]);
    const asked = said(resource('AuthorizationPolicy', { rules, action: 'AUDIT' }, { annotations }));
    expect(asked).toEqual(['!DryRunUnsupported metadata.annotations["istio.io/dry-run"]']);
    expect(said(resource('Sidecar', { egress: [{ hosts: ['*/*'] }] }, { annotations }))).toHaveLength(1);
  });

  it('passes over kinds of others', () => {
    expect(validateResource({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' } })).toBeUndefined();
  });

  it('never throws, whatever a spec holds', () => {
    const names = [
      'hosts',
      'http',
      'match',
      'route',
      'uri',
      'servers',
      'port',
      'tls',
      'rules',
      'configPatches',
      'patch',
    ];
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 0, -1, 70000, 1.5, '', '*', '/', '10s', 'a.b', '%', '['),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names, '@type', 'value', 'spec'), tie('json'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...VERSIONS.keys()), json, (kind, spec) => {
        const object = { ...resource(kind, {}), spec } as JsonObject;
        expect(predictAdmission(object)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['(a+)+$', '(a|a)*b', `${'a?'.repeat(300)}${'a'.repeat(300)}`])('reads %s in no time', (regex) => {
    const match = [{ uri: { regex } }];
    expect(said(resource('VirtualService', { hosts: ['a'], http: [{ match, route }] }))).toEqual([]);
  });
});
