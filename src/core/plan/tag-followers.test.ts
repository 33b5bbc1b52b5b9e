import { describe, expect, it } from 'vitest';
import { renderControlPlane } from '../../../test/builders/control-plane.ts';
import type { KubeObject } from '../kube-object.ts';
import { adviseTagMove, findTagFollowers, type FollowerWorld, type TagFollowers } from './tag-followers.ts';

const webhooks = renderControlPlane({ revision: 'blue', revisionTags: ['prod', 'edge'] });

function object(kind: string, name: string, more: object = {}): KubeObject {
  const [namespace = '', short = ''] = name.split('/');
  return { apiVersion: 'v1', kind, metadata: { name: short, namespace, ...more } };
}
const namespace = (name: string, rev?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: rev === undefined ? {} : { 'istio.io/rev': rev } },
});
const deployment = (name: string, isGateway: boolean, labels: Record<string, string> = {}): KubeObject => ({
  ...object('Deployment', name),
  spec: {
    template: {
      metadata: { labels, annotations: isGateway ? { 'inject.istio.io/templates': 'gateway' } : {} },
      spec: { containers: [isGateway ? { name: 'istio-proxy', image: 'auto' } : { name: 'app', image: 'app:1' }] },
    },
  },
});
const gateway = (name: string, more: { rev?: string; spec?: object } = {}): KubeObject => ({
  ...object('Gateway', name, more.rev === undefined ? {} : { labels: { 'istio.io/rev': more.rev } }),
  spec: { gatewayClassName: 'istio', ...more.spec },
});

function followersOf(tag: string, world: Partial<FollowerWorld>): TagFollowers {
  const namespaces = [namespace('shop', 'prod'), namespace('doors', 'edge'), namespace('plain')];
  return findTagFollowers({ webhooks, namespaces, deployments: [], gateways: [], ...world }, tag);
}

describe('who follows a tag', () => {
  const deployments = [
    deployment('shop/web', false),
    deployment('shop/batch', false, { 'sidecar.istio.io/inject': 'false' }),
    deployment('shop/way-in', true),
    deployment('doors/way-in', true),
    deployment('plain/way-in', true, { 'istio.io/rev': 'edge', 'sidecar.istio.io/inject': 'true' }),
    deployment('plain/other', false),
  ];

  it('is who its webhooks take, by the labels of namespaces or pods', () => {
    expect(followersOf('prod', { deployments })).toEqual({
      gateways: ['shop/way-in'],
      workloads: ['shop/web'],
      managed: [],
    });
    expect(followersOf('edge', { deployments })).toEqual({
      gateways: ['doors/way-in', 'plain/way-in'],
      workloads: [],
      managed: [],
    });
  });

  it('is a Gateway of the Gateway API that istiod makes pods for, by its own label before that of its namespace', () => {
    const gateways = [
      gateway('shop/own'),
      gateway('shop/elsewhere', { rev: 'edge' }),
      gateway('shop/waypoint', { spec: { gatewayClassName: 'istio-waypoint' } }),
      gateway('shop/other', { spec: { gatewayClassName: 'nginx' } }),
      gateway('shop/by-hand', { spec: { addresses: [{ type: 'Hostname', value: 'edge.shop' }] } }),
      gateway('plain/default'),
    ];
    expect(followersOf('prod', { gateways }).managed).toEqual(['shop/own', 'shop/waypoint']);
    expect(followersOf('edge', { gateways }).managed).toEqual(['shop/elsewhere']);
    expect(followersOf('default', { gateways }).managed).toEqual([]);
  });
});

it.each<[string, Partial<TagFollowers>, string[]]>([
  ['gateways alone move without a word', { gateways: ['doors/way-in'] }, []],
  ['so do workloads', { workloads: ['shop/web'] }, []],
  [
    'both together do not',
    { gateways: ['shop/way-in'], workloads: ['shop/api', 'shop/web'] },
    ['tag prod leads 1 gateway (shop/way-in) and 2 workloads (shop/api, shop/web)'],
  ],
  ['nor does what istiod makes', { managed: ['shop/own'] }, ['pods of 1 Gateway (shop/own) anew as soon as tag prod']],
])('%s', (_what, followers, expected) => {
  const told = adviseTagMove({ gateways: [], workloads: [], managed: [], ...followers }, 'prod');
  expect(told).toEqual(expected.map((text) => expect.stringContaining(text) as string));
});
