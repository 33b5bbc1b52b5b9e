import { describe, expect, it } from 'vitest';
import { analyzeWorld } from './analyze.ts';
import type { JsonObject } from '../kube-object.ts';
import { KIND } from './kinds.ts';
import { meshResource, resourceOf } from './world-from-objects.ts';
import { MutableWorld } from './world.ts';
import { parseYamlObjects } from '../values/yaml-input.ts';

const SURROUNDINGS = { now: 0, readCertificate: () => undefined };

function worldOf(yaml: string): MutableWorld {
  const resources = parseYamlObjects(yaml, []).flatMap((value) => resourceOf({ value, origin: {} }, 'shop') ?? []);
  return new MutableWorld(resources, SURROUNDINGS);
}

function found(yaml: string): string[] {
  return analyzeWorld(worldOf(yaml)).map(({ code, resource, path }) => `${code} ${resource.name} ${path}`.trim());
}

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: web}]}\n';

const route = (weights: number[]): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:${weights.map((weight) => `\n    - {destination: {host: web}, weight: ${weight}}`).join('')}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
`;

const policy = (spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p}\nspec: ${spec}\n---\n${POD.replace('[{name: web}]', '[{name: istio-proxy, image: proxy}]')}`;

const strict = (spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default}\nspec: ${spec}\n---\n${POD}`;

describe('findings that Istio does not have', () => {
  it.each([
    ['weights of 110', route([60, 50]), ['SWT0003 web spec.http[0].route']],
    ['weights of 100', route([60, 40]), []],
    ['one weight alone', route([7]), []],
    ['STRICT beside a pod without a proxy', strict('{mtls: {mode: STRICT}}'), ['SWT0001 default spec.mtls.mode']],
    ['PERMISSIVE beside a pod without a proxy', strict('{mtls: {mode: PERMISSIVE}}'), []],
    ['ALLOW without rules', policy('{}'), ['SWT0005 p spec.rules']],
    ['DENY without rules', policy('{action: DENY}'), ['IST0106 p spec.rules']],
    ['ALLOW of everything', policy('{rules: [{}]}'), []],
    [
      'a principal of a known namespace that does not exist',
      policy('{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/nobody]}}]}]}'),
      ['SWT0004 p spec.rules[0].from[0].source.principals[0]'],
    ],
    ['a principal that a pod has', policy('{rules: [{from: [{source: {principals: [td/ns/shop/sa/default]}}]}]}'), []],
    ['a principal of a namespace elsewhere', policy('{rules: [{from: [{source: {principals: [td/ns/x/sa/y]}}]}]}'), []],
  ])('%s', (_what, yaml, expected) => {
    expect(found(yaml)).toEqual(expected);
  });
});

describe('mutual TLS that pods without a proxy do not speak', () => {
  const inNamespace = (namespace: string, mode = 'STRICT'): string =>
    `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: ${namespace}}\nspec: {mtls: {mode: ${mode}}}\n---\n`;
  const pod = (name: string, more = '', { container = 'web', spec = '' } = {}): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}${more}}\nspec: {containers: [{name: ${container}}]${spec}}\n---\n`;
  const named = (yaml: string): string | undefined =>
    analyzeWorld(worldOf(yaml))
      .flatMap(({ code, text }) => (code === 'SWT0001' ? [/but (.*?) have/.exec(text)?.[1] ?? ''] : []))
      .at(-1);

  it.each([
    ['istiod', pod('istiod', ', labels: {app: istiod, istio: pilot}')],
    ['istiod of a revision', pod('istiod', ', labels: {app: istiod, istio.io/rev: b}')],
    ['the node agent', pod('cni', ', labels: {k8s-app: istio-cni-node, app: istio-cni}')],
    ['ztunnel', pod('ztunnel', ', labels: {app: ztunnel}')],
    ['what the charts call a part of istio', pod('x', ', labels: {app.kubernetes.io/part-of: istio}')],
    ['a gateway', pod('edge', ', labels: {istio: ingressgateway}', { container: 'istio-proxy' })],
    ['a gateway with labels of its own', pod('edge', ', labels: {app: edge}', { container: 'istio-proxy' })],
    [
      'a native sidecar',
      pod('web', '', { spec: ', initContainers: [{name: istio-proxy, image: proxyv2, restartPolicy: Always}]' }),
    ],
    ['a pod in ambient mode', pod('web', ', annotations: {ambient.istio.io/redirection: enabled}')],
    ['a pod in the network of its node', pod('web', '', { spec: ', hostNetwork: true' })],
    ['a pod that is done', `${pod('web').replace('---\n', '')}status: {phase: Succeeded}\n---\n`],
  ])('is no matter of %s', (_what, yaml) => {
    expect(named(inNamespace('shop') + yaml)).toBeUndefined();
    expect(
      named(inNamespace('istio-system') + yaml.replace('{name', '{namespace: istio-system, name')),
    ).toBeUndefined();
  });

  it('is looked for in all namespaces where the whole mesh is STRICT', () => {
    const pods = pod('web') + pod('web', ', namespace: bank') + pod('dns', ', namespace: kube-system');
    expect(named(inNamespace('istio-system') + pods)).toBe('bank/web, shop/web');
    expect(named(inNamespace('shop') + pods)).toBe('web in this namespace');
  });

  it.each([
    ['decides otherwise', 'PERMISSIVE', 'shop/web'],
    ['decides the same, and has its own message', 'STRICT', 'shop/web'],
    ['inherits', 'UNSET', 'bank/web, shop/web'],
  ])('under a mesh-wide policy, in a namespace that %s', (_what, mode, expected) => {
    const pods = pod('web') + pod('web', ', namespace: bank');
    expect(named(inNamespace('istio-system') + inNamespace('bank', mode) + pods)).toBe(expected);
  });

  it('reads the root namespace from the mesh configuration', () => {
    const mesh = meshResource(KIND.meshConfig, { rootNamespace: 'root' });
    const resources = parseYamlObjects(inNamespace('root') + pod('web'), []).flatMap(
      (value) => resourceOf({ value, origin: {} }, 'shop') ?? [],
    );
    const found = analyzeWorld(new MutableWorld([...resources, mesh], SURROUNDINGS));
    expect(found.map(({ code }) => code)).toEqual(['SWT0001']);
  });
});

const ownCodes = (yaml: string, mesh: JsonObject = {}): string[] => {
  const resources = parseYamlObjects(yaml, []).flatMap((value) => resourceOf({ value, origin: {} }, 'shop') ?? []);
  const world = new MutableWorld([...resources, meshResource(KIND.meshConfig, mesh)], SURROUNDINGS);
  return analyzeWorld(world).flatMap(({ code, path }) =>
    ['SWT0008', 'SWT0009'].includes(code) ? [`${code} ${path}`] : [],
  );
};
const inMesh = (annotations = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}, annotations: {${annotations}}}\n---\n`;
const deploymentOf = (spec: string, labels = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web${labels}}\nspec: {template: {spec: ${spec}}}\n---\n`;
const networking = (kind: string, spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: {name: web}\nspec: ${spec}\n---\n`;

describe('ports of the proxy', () => {
  const listening = (port: number, more = ''): string =>
    deploymentOf(`{containers: [{name: web, ports: [{containerPort: ${port}${more}}]}]}`);
  const first = 'spec.template.spec.containers[0].ports[0].containerPort';
  const server = (port: number): string =>
    networking('Gateway', `{servers: [{port: {number: ${port}, name: http, protocol: HTTP}, hosts: ["*"]}]}`);
  const sidecar = (port: number): string =>
    networking(
      'Sidecar',
      `{ingress: [{port: {number: ${port}, protocol: HTTP, name: http}, defaultEndpoint: "127.0.0.1:80"}]}`,
    );

  it.each([15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090])('%d is not for an application', (port) => {
    expect(ownCodes(inMesh() + listening(port))).toEqual([`SWT0008 ${first}`]);
    expect(ownCodes(sidecar(port))).toEqual(['SWT0008 spec.ingress[0].port.number']);
  });

  it.each([
    ['another port', inMesh() + listening(8080)],
    ['UDP', inMesh() + listening(15053, ', protocol: UDP')],
    ['a workload outside of the mesh', listening(15021)],
    [
      'the proxy itself',
      inMesh() + listening(15021).replace('name: web, ports', 'name: istio-proxy, image: auto, ports'),
    ],
    [
      'istiod',
      inMesh() + deploymentOf('{containers: [{name: d, ports: [{containerPort: 15008}]}]}', ', labels: {istio: pilot}'),
    ],
    ['a tunnel at a gateway', server(15008)],
    ['a port of its own at a gateway', server(8443)],
  ])('%s may listen', (_what, yaml) => {
    expect(ownCodes(yaml)).toEqual([]);
  });

  it.each([15000, 15020, 15021, 15090])('%d is not for a server of a gateway', (port) => {
    expect(ownCodes(server(port))).toEqual(['SWT0008 spec.servers[0].port.number']);
  });

  it('move with the mesh configuration', () => {
    const mesh = {
      proxyListenPort: 16001,
      proxyInboundListenPort: 16006,
      defaultConfig: { statusPort: 16020, proxyAdminPort: 16000 },
    };
    for (const port of [16000, 16001, 16006, 16020]) {
      expect(ownCodes(inMesh() + listening(port), mesh)).toEqual([`SWT0008 ${first}`]);
      expect(ownCodes(inMesh() + listening(port - 1000), mesh)).toEqual([]);
    }
  });

  it('say what each is for', () => {
    const [found] = analyzeWorld(worldOf(inMesh() + listening(15021))).filter(({ code }) => code === 'SWT0008');
    expect(found?.text).toMatch(/^The proxy has port 15021 itself \(the health check of Envoy\)/);
  });
});

describe('user and group of the proxy', () => {
  const OPENSHIFT = 'openshift.io/sa.scc.uid-range: 1000700000/10000';
  const own = (security: string, pod = ''): string =>
    deploymentOf(`{${pod}containers: [{name: web, securityContext: {${security}}}]}`);
  const path = 'SWT0009 spec.template.spec.containers[0].securityContext';

  it.each([
    ['the group 1337', inMesh() + own('runAsGroup: 1337'), [path]],
    ['the group 1337 of the pod', inMesh() + own('', 'securityContext: {runAsGroup: 1337}, '), [path]],
    [
      'a group of its own over that of the pod',
      inMesh() + own('runAsGroup: 7', 'securityContext: {runAsGroup: 1337}, '),
      [],
    ],
    ['the user 1337, which has another code', inMesh() + own('runAsUser: 1337'), []],
    ['the last user of the range on OpenShift', inMesh(OPENSHIFT) + own('runAsUser: 1000709999'), [path]],
    ['the last group of the range on OpenShift', inMesh(OPENSHIFT) + own('runAsGroup: 1000709999'), [path]],
    ['the first user of the range on OpenShift', inMesh(OPENSHIFT) + own('runAsUser: 1000700000'), []],
    ['1337 as group where OpenShift assigns another', inMesh(OPENSHIFT) + own('runAsGroup: 1337'), []],
    ['any user outside of the mesh', own('runAsGroup: 1337'), []],
    [
      'the user that the proxy of a pod really has',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, securityContext: {runAsUser: 77}}, {name: istio-proxy, image: p, securityContext: {runAsUser: 77, runAsGroup: 78}}]}\n',
      ['SWT0009 spec.containers[0].securityContext'],
    ],
    [
      'the user of the init container of istio, beside an application with its own',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {initContainers: [{name: istio-validation, securityContext: {runAsUser: 77}}], containers: [{name: web, securityContext: {runAsUser: 7}}, {name: istio-proxy, image: p, securityContext: {runAsUser: 77}}]}\n',
      [],
    ],
  ])('%s', (_what, yaml, expected) => {
    expect(ownCodes(yaml)).toEqual(expected);
  });
});

describe('what is reported', () => {
  const broken = (annotations: string): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, annotations: {${annotations}}}
spec:
  hosts: [web]
  gateways: [nowhere]
  http: [{route: [{destination: {host: nobody}}]}]
`;

  it('puts errors first and names fields', () => {
    expect(found(broken(''))).toEqual([
      'IST0101 web spec.gateways[0]',
      'IST0101 web spec.http[0].route[0].destination.host',
      'IST0132 web spec.gateways[0]',
    ]);
  });

  it.each([
    ['galley.istio.io/analyze-suppress: IST0101', ['IST0132 web spec.gateways[0]']],
    ['galley.istio.io/analyze-suppress: "IST0132,IST0101"', []],
    ['galley.istio.io/analyze-suppress: "*"', []],
  ])('leaves out what the resource suppresses by %s', (annotation, expected) => {
    expect(found(broken(annotation))).toEqual(expected);
  });

  it('reads fields by either spelling', () => {
    const rule = (field: string): string =>
      `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: web}\nspec: {host: web.example.com, ${field}: {tls: {mode: SIMPLE}}}\n`;
    expect(found(rule('traffic_policy'))).toEqual(found(rule('trafficPolicy')));
    expect(found(rule('trafficPolicy'))).toContain('IST0128 web spec.trafficPolicy.tls.caCertificates');
  });

  it('is the same for any order of resources', () => {
    const documents = route([60, 50]).split('---');
    expect(found(documents.toReversed().join('---'))).toEqual(found(documents.join('---')));
  });
});

describe('labels that no injector serves', () => {
  const namespace = (name: string, labels: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n---\n`;
  const injector = (name: string, revision: string): string =>
    [
      `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: ${name}}`,
      'webhooks:',
      '- name: rev.namespace.sidecar-injector.istio.io',
      '  rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}]',
      `  namespaceSelector: {matchLabels: {istio.io/rev: ${revision}}}\n---\n`,
    ].join('\n');
  const found = (yaml: string): string[] => {
    const resources = parseYamlObjects(yaml, []).flatMap((value) => resourceOf({ value, origin: {} }, 'shop') ?? []);
    return analyzeWorld(new MutableWorld(resources, SURROUNDINGS)).flatMap(({ code, text }) =>
      code === 'SWT0010' ? [text] : [],
    );
  };

  it('are named with the way out', () => {
    expect(found(namespace('bank', 'istio.io/rev: gone') + injector('a', 'canary'))).toEqual([
      'Namespace bank asks by istio.io/rev=gone for an injector that is not there: new pods get no sidecar. ' +
        'Install that revision or a tag of that name, or change the label.',
    ]);
    expect(found(namespace('bank', 'istio-injection: enabled') + injector('a', 'canary'))).toEqual([
      expect.stringContaining('Install the default revision'),
    ]);
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {istio.io/rev: gone}}\n---\n`;
    expect(found(namespace('shop', '') + pod)).toEqual([expect.stringContaining('Pod shop/web asks')]);
  });

  it('are none where an injector takes them', () => {
    expect(found(namespace('bank', 'istio.io/rev: canary') + injector('whose-ever', 'canary'))).toEqual([]);
  });
});

it.each([
  ['networking.istio.io/v1', 'Sidecar', 'IST0111'],
  ['telemetry.istio.io/v1', 'Telemetry', 'IST0160'],
])('%s %s: looks at a namespace once, however many hold for all of it', (apiVersion, kind, code) => {
  const looks = (count: number): number => {
    const names = Array.from({ length: count }, (_, i) => `r${i}`);
    const world = worldOf(
      names
        .map((name) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: {}\n`)
        .join('---\n'),
    );
    let seen = 0;
    const listIn = world.listIn.bind(world);
    world.listIn = (...where) => {
      const resources = listIn(...where);
      seen += resources.length;
      return resources;
    };
    expect(analyzeWorld(world).filter((message) => message.code === code)).toHaveLength(count);
    return seen;
  };
  expect(looks(60)).toBe(2 * looks(30));
});
