import { describe, expect, it } from 'vitest';
import { MutableWorld } from '../analyze/world.ts';
import { resourceOf } from '../analyze/world-from-objects.ts';
import type { KubeObject, ObjectMeta } from '../kube-object.ts';
import type { MigrationScope } from './read-migration.ts';
import { reportReadiness, type ReadinessQuestion } from './readiness.ts';

const PROXY = { name: 'istio-proxy', image: 'proxyv2:1.31.4' };
const NAMESPACE: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

function pod(name: string, more: Partial<ObjectMeta> & { plain?: boolean; namespace?: string } = {}): KubeObject {
  const { plain = false, namespace = 'shop', ...metadata } = more;
  const containers = [{ name: 'app', image: 'app:1' }, ...(plain ? [] : [PROXY])];
  const full = { name, namespace, labels: { app: name }, ...metadata };
  return { apiVersion: 'v1', kind: 'Pod', metadata: full, spec: { containers }, status: { phase: 'Running' } };
}

function object(kind: string, name: string, spec: object, namespace = 'shop'): KubeObject {
  const groups: Record<string, string> = {
    Service: 'v1',
    DestinationRule: 'networking.istio.io/v1',
    PeerAuthentication: 'security.istio.io/v1',
  };
  return { apiVersion: groups[kind] ?? '', kind, metadata: { name, namespace }, spec };
}

function report(objects: readonly KubeObject[], more: Partial<ReadinessQuestion> = {}): string[] {
  const resources = [NAMESPACE, ...objects].flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
  const world = new MutableWorld(resources, { now: 0, readCertificate: () => undefined });
  const question = {
    world,
    namespace: 'shop',
    scope: { kind: 'namespace' } as const,
    accepted: new Set<never>(),
    callers: [],
  };
  return reportReadiness({ ...question, ...more }).map(
    ({ reason, blocks, names }) => `${blocks ? '' : '~'}${reason}: ${names.join(' ')}`,
  );
}

const web = pod('web');
const service = (spec: object): KubeObject => object('Service', 'web', { selector: { app: 'web' }, ...spec });

describe('a report', () => {
  it.each<[string, KubeObject[], string[]]>([
    ['is empty where all have a proxy', [web, service({ clusterIP: '10.0.0.1' })], []],
    ['names pods without a proxy', [web, pod('batch', { plain: true })], ['PodsWithoutProxy: shop/batch']],
    ['not those of other namespaces', [web, pod('batch', { plain: true, namespace: 'legacy' })], []],
    [
      'names rules that turn TLS off',
      [web, object('DestinationRule', 'plain', { host: 'web', trafficPolicy: { tls: { mode: 'DISABLE' } } })],
      ['PlaintextRules: DestinationRule shop/plain'],
    ],
    [
      'names probes that go to the application',
      [pod('web', { annotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' } })],
      ['ProbesNotRewritten: shop/web'],
    ],
    [
      'names ports that are scraped past the agent',
      [pod('web', { annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' } })],
      ['ScrapedPorts: shop/web'],
    ],
    [
      'not those that the agent answers for',
      [pod('web', { annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15020' } })],
      [],
    ],
    [
      'names ports that go past the proxy, which let scrapers in',
      [
        pod('web', {
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': '8080',
            'traffic.sidecar.istio.io/excludeInboundPorts': '8080',
          },
        }),
      ],
      ['~ExcludedPorts: shop/web'],
    ],
    ['names Services that let others in', [web, service({ type: 'NodePort' })], ['ExternalServices: shop/web']],
    [
      'not those of pods without a proxy',
      [pod('web', { plain: true }), service({ type: 'NodePort' })],
      ['PodsWithoutProxy: shop/web'],
    ],
    ['names headless Services', [web, service({ clusterIP: 'None' })], ['~HeadlessServices: shop/web']],
    [
      'names policies that say otherwise',
      [
        web,
        object('PeerAuthentication', 'old', {
          selector: { matchLabels: { app: 'old' } },
          mtls: { mode: 'PERMISSIVE' },
        }),
        object('PeerAuthentication', 'default', {
          mtls: { mode: 'PERMISSIVE' },
          portLevelMtls: { 9000: { mode: 'DISABLE' } },
        }),
        object('PeerAuthentication', 'fine', { selector: { matchLabels: { app: 'x' } }, mtls: { mode: 'STRICT' } }),
      ],
      ['~OtherModes: PeerAuthentication shop/default PeerAuthentication shop/old'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(report(objects)).toEqual(expected);
  });

  it('names callers that metrics tell of, and says when nobody can be asked', () => {
    expect(report([web], { callers: ['legacy/cron to web'] })).toEqual(['PlaintextCallers: legacy/cron to web']);
    expect(report([web], { callers: undefined })).toEqual(['~CallersUnknown: metrics']);
  });

  it('does not block by what is accepted', () => {
    const accepted = new Set(['PodsWithoutProxy'] as const);
    expect(report([web, pod('batch', { plain: true })], { accepted })).toEqual(['~PodsWithoutProxy: shop/batch']);
  });

  it('of a workload is about its pods, and all who may call it', () => {
    const scope: MigrationScope = { kind: 'workload', labels: { app: 'web' } };
    const probed = { annotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' } };
    expect(report([web, pod('other', probed), pod('batch', { plain: true })], { scope })).toEqual([
      'PodsWithoutProxy: shop/batch',
    ]);
  });

  it('of the mesh is about all namespaces with proxies, and their policies', () => {
    const objects = [
      web,
      pod('batch', { plain: true }),
      pod('far', { plain: true, namespace: 'legacy' }),
      object('PeerAuthentication', 'default', { mtls: { mode: 'PERMISSIVE' } }),
    ];
    expect(report(objects, { namespace: 'istio-system', scope: { kind: 'mesh' } })).toEqual([
      'PodsWithoutProxy: shop/batch',
      '~OtherModes: PeerAuthentication shop/default',
    ]);
  });
});
