import { describe, expect, it } from 'vitest';
import { istioYaml, meshConfigYaml, meshWorld } from '../../../test/builders/mesh-world.ts';
import { clientSetting, type Aim } from './client-mode.ts';
import { DestinationRules } from './destination-rules.ts';

const HOST = 'web.shop.svc.cluster.local';
const tls = (mode: string): string => `trafficPolicy: {tls: {mode: ${mode}}}`;

function rule(place: string, spec: string, created?: string): string {
  const [namespace = '', name = ''] = place.split('/');
  const yaml = istioYaml('DestinationRule', { name, namespace }, `{${spec}}`);
  return created ? yaml.replace('metadata: {', `metadata: {creationTimestamp: "${created}", `) : yaml;
}

interface Asked {
  namespace?: string;
  labels?: Record<string, string>;
  aim?: Aim;
}

/** The mode that a client in `front` is told, and by which resource. */
function told(yaml: readonly string[], { namespace = 'front', labels = {}, aim = { port: 80 } }: Asked = {}): string {
  const rules = new DestinationRules(meshWorld(...yaml), 'default');
  const setting = clientSetting(rules.find(HOST, 'shop', { namespace, labels }), aim);
  return `${setting.mode ?? 'nothing'}${setting.by ? ` ${setting.by.namespace}/${setting.by.name}` : ''}`;
}

const ofService = rule('shop/web', `host: web, ${tls('DISABLE')}`);

describe('which DestinationRule a client uses', () => {
  it.each<[string, string[], string]>([
    ['none there', [], 'nothing'],
    ['that of the service', [ofService], 'DISABLE shop/web'],
    [
      'that of the client before it',
      [ofService, rule('front/web', `host: ${HOST}, ${tls('SIMPLE')}`)],
      'SIMPLE front/web',
    ],
    [
      'a wildcard of the client before the exact host of the service',
      [ofService, rule('front/all', `host: "*.local", ${tls('SIMPLE')}`)],
      'SIMPLE front/all',
    ],
    ['a short name is in its own namespace', [rule('front/web', `host: web, ${tls('SIMPLE')}`)], 'nothing'],
    [
      'that of the root namespace last',
      [rule('istio-system/all', `host: "*.local", ${tls('ISTIO_MUTUAL')}`)],
      'ISTIO_MUTUAL istio-system/all',
    ],
    [
      'the service before the root namespace',
      [ofService, rule('istio-system/web', `host: ${HOST}, ${tls('ISTIO_MUTUAL')}`)],
      'DISABLE shop/web',
    ],
    ['one of a third namespace counts for nobody', [rule('other/web', `host: ${HOST}, ${tls('SIMPLE')}`)], 'nothing'],
    [
      'the longest wildcard',
      [
        rule('shop/a', `host: "*.local", ${tls('SIMPLE')}`),
        rule('shop/b', `host: "*.shop.svc.cluster.local", ${tls('DISABLE')}`),
      ],
      'DISABLE shop/b',
    ],
    [
      'the exact host before wildcards, even without a policy',
      [rule('shop/a', `host: "*.local", ${tls('SIMPLE')}`), rule('shop/b', 'host: web')],
      'nothing',
    ],
    ['not one for its own namespace', [rule('shop/web', `host: web, exportTo: ["."], ${tls('DISABLE')}`)], 'nothing'],
    [
      'one for the namespace of the client',
      [rule('shop/web', `host: web, exportTo: [front], ${tls('DISABLE')}`)],
      'DISABLE shop/web',
    ],
    [
      'the root namespace where that of the service is for others',
      [
        rule('shop/web', `host: web, exportTo: [x, y], ${tls('DISABLE')}`),
        rule('istio-system/all', `host: "*", ${tls('SIMPLE')}`),
      ],
      'SIMPLE istio-system/all',
    ],
    [
      'not one that the mesh keeps to itself by default',
      [ofService, meshConfigYaml('defaultDestinationRuleExportTo: ["."]')],
      'nothing',
    ],
    [
      'not one of another revision',
      [ofService.replace('namespace: shop', 'namespace: shop, labels: {istio.io/rev: canary}')],
      'nothing',
    ],
    [
      'one with workloads that are others',
      [rule('front/w', `host: ${HOST}, workloadSelector: {matchLabels: {app: x}}, ${tls('SIMPLE')}`), ofService],
      'nothing',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(told(yaml)).toBe(expected);
  });

  it('takes the rule for its labels before the one for all', () => {
    const yaml = [
      rule('front/all', `host: ${HOST}, ${tls('DISABLE')}`),
      rule('front/some', `host: ${HOST}, workloadSelector: {matchLabels: {app: pay}}, ${tls('ISTIO_MUTUAL')}`),
    ];
    expect(told(yaml, { labels: { app: 'pay' } })).toBe('ISTIO_MUTUAL front/some');
    expect(told(yaml, { labels: { app: 'web' } })).toBe('DISABLE front/all');
  });

  it('takes in the root namespace what is for it alone, else what the service says', () => {
    const own = rule('istio-system/own', `host: "*", exportTo: ["."], ${tls('SIMPLE')}`);
    const all = rule('istio-system/all', `host: "*", ${tls('ISTIO_MUTUAL')}`);
    expect(told([own, ofService], { namespace: 'istio-system' })).toBe('SIMPLE istio-system/own');
    expect(told([all, ofService], { namespace: 'istio-system' })).toBe('DISABLE shop/web');
  });

  it('puts two for one host together: the older policy, and all subsets', () => {
    const older = rule(
      'shop/b',
      `host: web, ${tls('DISABLE')}, subsets: [{name: v1, labels: {v: "1"}}]`,
      '2026-01-01T00:00:00Z',
    );
    const newer = rule(
      'shop/a',
      `host: ${HOST}, ${tls('SIMPLE')}, subsets: [{name: v2, ${tls('ISTIO_MUTUAL')}}]`,
      '2026-01-02T00:00:00Z',
    );
    expect(told([newer, older])).toBe('DISABLE shop/b');
    expect(told([newer, older], { aim: { port: 80, subset: 'v2' } })).toBe('ISTIO_MUTUAL shop/a');
    expect(told([newer, rule('shop/b', 'host: web', '2026-01-01T00:00:00Z')])).toBe('SIMPLE shop/a');
  });

  it('does not put those together that are for different namespaces', () => {
    const yaml = [
      rule('shop/a', `host: web, exportTo: [front], ${tls('DISABLE')}`, '2026-01-01T00:00:00Z'),
      rule('shop/b', `host: web, exportTo: [back], ${tls('SIMPLE')}`, '2026-01-02T00:00:00Z'),
    ];
    expect(told(yaml)).toBe('DISABLE shop/a');
    expect(told(yaml, { namespace: 'back' })).toBe('SIMPLE shop/b');
  });
});

describe('what a rule says of TLS', () => {
  const policy = (trafficPolicy: string, subsets = ''): string[] => [
    rule('shop/web', `host: web, trafficPolicy: ${trafficPolicy}${subsets && `, subsets: ${subsets}`}`),
  ];
  const port = (number: number, content: string): string =>
    `portLevelSettings: [{port: {number: ${number}}${content}}]`;

  it.each<[string, string[], Aim, string]>([
    ['a policy without TLS', policy('{connectionPool: {tcp: {maxConnections: 1}}}'), { port: 80 }, 'nothing'],
    ['TLS without a mode is off', policy('{tls: {}}'), { port: 80 }, 'DISABLE shop/web'],
    [
      'the port before the host',
      policy(`{tls: {mode: DISABLE}, ${port(80, ', tls: {mode: SIMPLE}')}}`),
      { port: 80 },
      'SIMPLE shop/web',
    ],
    [
      'another port',
      policy(`{tls: {mode: DISABLE}, ${port(81, ', tls: {mode: SIMPLE}')}}`),
      { port: 80 },
      'DISABLE shop/web',
    ],
    [
      'a port with other settings inherits none',
      policy(`{tls: {mode: DISABLE}, ${port(80, ', connectionPool: {tcp: {maxConnections: 1}}')}}`),
      { port: 80 },
      'nothing shop/web',
    ],
    [
      'the subset before the host',
      policy('{tls: {mode: DISABLE}}', '[{name: v1, trafficPolicy: {tls: {mode: SIMPLE}}}]'),
      { port: 80, subset: 'v1' },
      'SIMPLE shop/web',
    ],
    [
      'a subset that says nothing',
      policy('{tls: {mode: DISABLE}}', '[{name: v1}]'),
      { port: 80, subset: 'v1' },
      'DISABLE shop/web',
    ],
    [
      'the port of a subset',
      policy('{tls: {mode: DISABLE}}', `[{name: v1, trafficPolicy: {${port(80, ', tls: {mode: SIMPLE}')}}}]`),
      { port: 80, subset: 'v1' },
      'SIMPLE shop/web',
    ],
  ])('%s', (_, yaml, aim, expected) => {
    expect(told(yaml, { aim })).toBe(expected);
  });

  it('a Secret that sidecars do not read is told', () => {
    const setting = (spec: string): boolean | undefined => {
      const rules = new DestinationRules(meshWorld(rule('shop/web', spec)), undefined);
      return clientSetting(rules.find(HOST, 'shop', { namespace: 'shop', labels: {} }), { port: 80 }).needsSecret;
    };
    const policyWith = (name: string): string => `trafficPolicy: {tls: {mode: SIMPLE, credentialName: ${name}}}`;
    expect(setting(`host: web, ${policyWith('ca')}`)).toBe(true);
    expect(setting(`host: web, ${policyWith('configmap://ca')}`)).toBeUndefined();
    expect(setting(`host: web, workloadSelector: {matchLabels: {}}, ${policyWith('ca')}`)).toBeUndefined();
  });
});
