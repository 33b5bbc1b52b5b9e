import { describe, expect, it } from 'vitest';
import { parseYamlObjects } from '../../values/yaml-input.ts';
import { defaultControlPlane, defaultIngressGateway } from '../default-ingress.ts';
import type { Message } from '../messages.ts';
import type { Resource } from '../resource.ts';
import { resourceOf } from '../world-from-objects.ts';
import { analyzeFiles } from './analyze-files.ts';
import { setAsideUnknown } from './set-aside.ts';

type Files = Record<string, string>;

function resourcesIn(files: Files): Resource[] {
  return Object.entries(files).flatMap(([file, text]) =>
    parseYamlObjects(text, []).flatMap((value) => resourceOf({ value, origin: { file } }, 'shop') ?? []),
  );
}

function analyze(files: Files, others?: Files): Message[] {
  const surroundings = { now: 0, readCertificate: () => undefined };
  const beside = others
    ? resourcesIn(others)
    : [...defaultControlPlane('istio-system'), ...defaultIngressGateway(undefined, 'istio-system')];
  const input = { files: resourcesIn(files), others: beside, roots: ['.'], surroundings };
  const { messages, world } = analyzeFiles(input);
  return others ? messages : setAsideUnknown(messages, world);
}

/** Without what is for information only. */
function found(files: Files): string[] {
  const told = analyze(files).filter(({ code }) => !['SWT0006', 'SWT0007', 'IST0102', 'IST0118'].includes(code));
  return told.map(({ code, resource, path }) => `${code} ${resource.name} ${path}`.trim());
}

function notJudged(files: Files): string[] {
  return analyze(files).flatMap(({ code, text }) =>
    code === 'SWT0006' ? [/: (.*?)\. Add/.exec(text)?.[1] ?? text] : [],
  );
}

function istio(kind: string, name: string, spec: string, group = 'networking'): string {
  return `apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`;
}

function plain(kind: string, name: string, body = '', namespace = 'shop'): string {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}}\n${body}\n---\n`;
}

const service = (name: string): string =>
  plain('Service', name, `spec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}`);
const route = (destination: string, more = ''): string =>
  istio('VirtualService', 'web', `{hosts: [web]${more}, http: [{route: [{destination: ${destination}}]}]}`);
const rule = (spec: string): string => istio('DestinationRule', 'web', `{host: web, ${spec}}`);
const policy = (spec: string): string => istio('AuthorizationPolicy', 'p', spec, 'security');
const gateway = (more: string, selector = 'istio: ingressgateway'): string =>
  istio(
    'Gateway',
    'edge',
    `{selector: {${selector}}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [web.example.com], ${more}}]}`,
  );
const claimed =
  'match: [{headers: {"@request.auth.claims.group": {exact: admin}}}], route: [{destination: {host: web}}]';
const pod = (name: string, labels: string): string =>
  plain('Pod', name, 'spec: {containers: [{name: istio-proxy, image: proxyv2}]}').replace(
    '{name',
    `{labels: {${labels}}, name`,
  );
const deployment = (labels: string): string =>
  plain('Deployment', 'web', `spec: {template: {metadata: {labels: {${labels}}}, spec: {containers: [{name: web}]}}}`);
const destination = 'spec.http[0].route[0].destination';

describe('something that is missing in files', () => {
  it.each([
    ['a Service', route('{host: web}'), service('other'), `IST0101 web ${destination}.host`, 'Service shop/web'],
    [
      'a ServiceEntry',
      route('{host: pay.example.com}'),
      istio(
        'ServiceEntry',
        'other',
        '{hosts: [x.example.com], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}',
      ),
      `IST0101 web ${destination}.host`,
      'ServiceEntry pay.example.com',
    ],
    [
      'a DestinationRule',
      service('web') + route('{host: web, subset: v1}'),
      rule('subsets: []'),
      `IST0101 web ${destination}.subset`,
      'DestinationRule shop/web',
    ],
    [
      'the Service of a DestinationRule',
      rule('exportTo: ["*"]'),
      service('other'),
      'IST0174 web spec.host',
      'Service shop/web',
    ],
    [
      'the pods of a subset',
      service('web') + rule('subsets: [{name: v1, labels: {version: v1}}]'),
      pod('other', 'app: other'),
      'IST0173 web spec.subsets[0].labels',
      'Pod shop/version=v1',
    ],
    [
      'the pods of a Gateway',
      gateway('tls: {mode: PASSTHROUGH}', 'app: edge'),
      pod('other', 'app: other'),
      'IST0101 edge spec.selector',
      'Pod app=edge',
    ],
    [
      'the Secret of a Gateway',
      gateway('tls: {mode: SIMPLE, credentialName: cert}'),
      plain('Secret', 'other', 'data: {}', 'istio-system'),
      'IST0101 edge spec.servers[0].tls.credentialName',
      'Secret istio-system/cert',
    ],
    [
      'the pods of a Sidecar',
      istio('Sidecar', 'web', '{workloadSelector: {labels: {app: web}}, egress: [{hosts: ["./*"]}]}'),
      pod('other', 'app: other'),
      'IST0101 web spec.workloadSelector.labels',
      'Pod shop/app=web',
    ],
    [
      'the pods of a policy',
      policy('{selector: {matchLabels: {app: web}}, rules: [{}]}'),
      pod('other', 'app: other'),
      'IST0127 p spec.selector.matchLabels',
      'Pod shop/app=web',
    ],
    [
      'the ServiceAccount of a policy',
      policy('{selector: {matchLabels: {app: web}}, rules: [{from: [{source: {principals: [td/ns/shop/sa/web]}}]}]}') +
        deployment('app: web'),
      plain('ServiceAccount', 'other'),
      'SWT0004 p spec.rules[0].from[0].source.principals[0]',
      undefined,
    ],
    [
      'a namespace of a policy',
      policy('{selector: {matchLabels: {app: web}}, rules: [{from: [{source: {namespaces: [bank]}}]}]}') +
        deployment('app: web'),
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {istio-injection: enabled}}\n',
      'IST0101 p spec.rules[0].from[0].source.namespaces[0]',
      'Namespace bank',
    ],
    [
      'the webhook for an image that injection fills in',
      plain('Pod', 'edge', 'spec: {containers: [{name: istio-proxy, image: auto}]}'),
      'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: x}\n',
      'IST0147 edge spec.containers',
      'MutatingWebhookConfiguration istio-sidecar-injector',
    ],
    [
      'the check of tokens at a gateway',
      service('web') +
        gateway('tls: {mode: PASSTHROUGH}') +
        istio('VirtualService', 'web', `{hosts: [web.example.com], gateways: [edge], http: [{${claimed}}]}`),
      istio('RequestAuthentication', 'other', '{selector: {matchLabels: {app: x}}}', 'security').replace(
        'name: other',
        'name: other, namespace: istio-system',
      ),
      'IST0149 web spec.http[0].match[0].headers',
      'RequestAuthentication istio-system/*',
    ],
  ])('%s counts only beside others of its kind', (_what, referring, ofKind, expected, need) => {
    expect(found({ 'a.yaml': referring })).toEqual([]);
    expect(notJudged({ 'a.yaml': referring })).toEqual(need === undefined ? [] : [need]);
    expect(found({ 'a.yaml': referring, 'b.yaml': ofKind })).toEqual([expected]);
  });

  it('is told in one message, whatever is missing', () => {
    const texts = notJudged({
      'a.yaml': route('{host: web, subset: v1}', ', gateways: [istio-system/main]') + rule('subsets: []'),
    });
    expect(texts).toEqual(['Gateway istio-system/main, Service shop/web']);
  });

  it('counts beside the cluster, which holds everything', () => {
    expect(analyze({ 'a.yaml': route('{host: nowhere}') }, {}).map(({ code }) => code)).toEqual(['IST0101']);
  });

  it('counts for a gateway by name alone as soon as there is any Gateway', () => {
    const files = { 'a.yaml': service('web') + gateway('tls: {mode: PASSTHROUGH}') };
    const bare = { ...files, 'b.yaml': route('{host: web}', ', gateways: [absent]') };
    expect(found(bare)).toEqual(['IST0101 web spec.gateways[0]', 'IST0132 web spec.gateways[0]']);
    const elsewhere = { ...files, 'b.yaml': route('{host: web}', ', gateways: [istio-system/main]') };
    expect(found(elsewhere)).toEqual([]);
  });

  it('is none where a Deployment brings the pods', () => {
    const files = {
      'a.yaml':
        service('web') + rule('subsets: [{name: v1, labels: {version: v1}}]') + deployment('app: web, version: v1'),
    };
    expect([found(files), notJudged(files)]).toEqual([[], []]);
    expect(found({ ...files, 'b.yaml': pod('debug', 'app: debug') })).toEqual([]);
  });

  it.each(['shop', 'default', 'istio-system', 'kube-system'])('is none for the namespace %s', (namespace) => {
    const files = {
      'a.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n---\n' +
        policy(`{rules: [{from: [{source: {namespaces: [${namespace}]}}]}]}`),
    };
    expect(found(files)).toEqual([]);
  });

  it('is none where it comes with every installation', () => {
    const ofSystem = plain('Service', 'kiali', 'spec: {ports: [{name: http, port: 80}]}', 'istio-system');
    const istiod = route('{host: istiod.istio-system.svc.cluster.local, port: {number: 15012}}');
    expect(found({ 'a.yaml': istiod + ofSystem })).toEqual([]);
    const other = gateway('tls: {mode: PASSTHROUGH}').replace('number: 443', 'number: 8443');
    expect(found({ 'a.yaml': other + ofSystem })).toEqual([]);
  });

  it('never shows what stands for the usual ingress gateway', () => {
    const files = {
      'a.yaml':
        istio('PeerAuthentication', 'default', '{mtls: {mode: STRICT}}', 'security').replace(
          'name: default',
          'name: default, namespace: istio-system',
        ) +
        ['a', 'b']
          .map((name) =>
            istio('Sidecar', name, '{workloadSelector: {labels: {istio: ingressgateway}}, egress: [{hosts: ["./*"]}]}'),
          )
          .join('')
          .replaceAll(/name: ([ab])\b/g, 'name: $1, namespace: istio-system'),
    };
    const texts = analyze(files).map(({ text, resource }) => `${resource.name} ${text}`);
    expect(texts.join('\n')).not.toMatch(/dummy|pod istio-system\/istio-ingressgateway/);
  });
});

describe('an object in several files', () => {
  it('is judged once, as the last one is', () => {
    const first = service('web') + route('{host: nowhere}');
    const files = { 'a.yaml': first, 'b.yaml': route('{host: web}') };
    expect(analyze(files).map(({ code, text }) => `${code} ${text.split(';')[0] ?? ''}`)).toEqual([
      'SWT0007 VirtualService shop/web: in several files (a.yaml, b.yaml)',
    ]);
    expect(found({ 'a.yaml': service('web') + route('{host: web}'), 'b.yaml': route('{host: nowhere}') })).toEqual([
      `IST0101 web ${destination}.host`,
    ]);
  });

  it('is told with its files, once for all that these repeat', () => {
    const text = service('web') + route('{host: web}');
    const messages = analyze({ 'a.yaml': text, 'b.yaml': text });
    expect(messages.map(({ code }) => code)).toEqual(['SWT0007']);
    expect(messages[0]?.text).toContain('Service shop/web, VirtualService shop/web: in several files (a.yaml, b.yaml)');
  });

  it('replaces what the cluster holds, without a word', () => {
    const cluster = { 'cluster.yaml': service('web') + route('{host: web}') };
    expect(analyze({ 'a.yaml': route('{host: web, port: {number: 80}}') }, cluster)).toEqual([]);
  });

  it('is silent where the object asks for it', () => {
    const quiet = route('{host: web}').replace(
      '{name: web}',
      '{name: web, annotations: {galley.istio.io/analyze-suppress: SWT0007}}',
    );
    expect(analyze({ 'a.yaml': service('web') + quiet, 'b.yaml': quiet })).toEqual([]);
  });
});

describe('directories with variants of the same objects', () => {
  const edge = (name: string): string => gateway('tls: {mode: PASSTHROUGH}').replace('name: edge', `name: ${name}`);
  const subsets = (...names: string[]): string =>
    rule(`subsets: [${names.map((name) => `{name: ${name}, labels: {}}`).join(', ')}]`) + pod('web', 'app: web');
  const ofCluster = (name: string): Files => ({
    [`clusters/${name}/app/web.yaml`]: service('web') + route(`{host: web, subset: ${name}}`) + subsets(name),
    [`clusters/${name}/edge.yaml`]: edge(`edge-${name}`),
  });

  it('are not judged together', () => {
    expect(found({ ...ofCluster('east'), ...ofCluster('west') })).toEqual([]);
  });

  it('see what stands beside them, and not what is in their siblings', () => {
    const both = { ...ofCluster('east'), ...ofCluster('west') };
    const own = istio(
      'VirtualService',
      'own',
      '{hosts: [own], http: [{route: [{destination: {host: web, subset: east}}]}]}',
    );
    expect(found({ ...both, 'clusters/east/own.yaml': own })).toEqual([]);
    const shared = { ...both, 'common/edge.yaml': edge('edge-common') };
    expect(found(shared)).toEqual([
      'IST0145 edge-common spec.servers[0].hosts',
      'IST0145 edge-east spec.servers[0].hosts',
      'IST0145 edge-west spec.servers[0].hosts',
    ]);
  });

  it('may refer to what only a sibling has, such as a base', () => {
    const files = {
      'base/web.yaml': service('web') + route('{host: web}') + edge('main'),
      'overlays/prod/web.yaml':
        route('{host: web}', ', gateways: [main]').replace('hosts: [web]', 'hosts: [web.example.com]') +
        edge('other').replace('[web.', '[other.'),
    };
    expect(found(files)).toEqual([]);
  });

  it('are layers where they were asked for one by one', () => {
    const files = resourcesIn({ 'east/web.yaml': route('{host: nowhere}'), 'west/web.yaml': route('{host: web}') });
    const surroundings = { now: 0, readCertificate: () => undefined };
    const { messages } = analyzeFiles({ files, others: [], roots: ['east', 'west'], surroundings });
    expect(messages.map(({ code, text }) => `${code} ${text.slice(0, 20)}`)).toEqual([
      'IST0101 host not found: "web',
      'SWT0007 VirtualService shop/',
    ]);
  });
});

describe('an injector, which files of applications seldom hold', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/rev: gone}}\n---\n';
  const injector =
    'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: other}\n---\n';

  it('is not missed where no file has one', () => {
    expect(found({ 'a.yaml': namespace })).toEqual([]);
    expect(notJudged({ 'a.yaml': namespace })).toEqual([]);
  });

  it('is missed where they hold others', () => {
    expect(found({ 'a.yaml': namespace, 'b.yaml': injector })).toEqual(['SWT0010 shop metadata.labels']);
  });
});
