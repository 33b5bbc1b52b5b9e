import { describe, expect, it } from 'vitest';
import { namespaceObject, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import type { KubeObject } from '../kube-object.ts';
import { describeRevisionUsers, findRevisionUsers, isUsedByRevision, type RevisionUseInput } from './revision-users.ts';

const plane = (revision: string): KubeObject[] => renderControlPlane({ revision }).filter(isUsedByRevision);
const CANARY = plane('canary');
const CANARY_WEBHOOK = renderControlPlane({ revision: 'canary' }).filter(
  ({ kind }) => kind === 'MutatingWebhookConfiguration',
)[0] as KubeObject;
const DEFAULT = plane('');

function find(input: Partial<RevisionUseInput>): string {
  const removed = input.removed ?? CANARY;
  const webhooks = [...removed.filter(({ kind }) => kind !== 'Deployment'), ...(input.webhooks ?? [])];
  return describeRevisionUsers(
    findRevisionUsers({ namespaces: [], pods: [], deployments: [], ...input, removed, webhooks }),
  );
}

const injected = (revision: string, labels: Record<string, string> = {}): KubeObject =>
  podObject('apps', 'a', {
    labels: { 'istio.io/rev': 'tag', ...labels },
    annotations: { 'sidecar.istio.io/status': JSON.stringify({ revision }) },
  });
const proxy = (revision: string): KubeObject => ({
  ...podObject('edge', 'gateway', { labels: { 'istio.io/rev': revision } }),
  spec: { containers: [{ name: 'istio-proxy' }] },
});
const tag = (revision: string): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'prod', labels: { 'istio.io/tag': 'prod', 'istio.io/rev': revision } },
});

describe('a revision is used by', () => {
  const cases: [title: string, input: Partial<RevisionUseInput>, users: string][] = [
    ['nobody', {}, ''],
    [
      'a namespace that names it',
      { namespaces: [namespaceObject('a', { 'istio.io/rev': 'canary' })] },
      '1 namespace (a)',
    ],
    ['no namespace that names another', { namespaces: [namespaceObject('a', { 'istio.io/rev': 'other' })] }, ''],
    [
      'no namespace that another webhook serves as well',
      {
        namespaces: [namespaceObject('a', { 'istio.io/rev': 'canary' })],
        webhooks: [{ ...CANARY_WEBHOOK, metadata: { name: 'twin' } }],
      },
      '',
    ],
    [
      'no namespace that is being removed',
      {
        namespaces: [
          {
            ...namespaceObject('a'),
            metadata: { name: 'a', labels: { 'istio.io/rev': 'canary' }, deletionTimestamp: 'x' },
          },
        ],
      },
      '',
    ],
    [
      'a namespace that asks for injection, where it is the default',
      { removed: DEFAULT, namespaces: [namespaceObject('a', { 'istio-injection': 'enabled' }), namespaceObject('b')] },
      '1 namespace (a)',
    ],
    ['a pod that it injected, whatever its label says', { pods: [injected('canary')] }, '1 pod (apps/a)'],
    ['no pod that another injected', { pods: [injected('other', { 'istio.io/rev': 'canary' })] }, ''],
    ['no pod that has ended', { pods: [{ ...injected('canary'), status: { phase: 'Succeeded' } }] }, ''],
    ['a pod with a proxy of its own', { pods: [proxy('canary')] }, '1 pod (edge/gateway)'],
    ['no pod without a proxy', { pods: [podObject('a', 'a', { labels: { 'istio.io/rev': 'canary' } })] }, ''],
    ["a tag of somebody else's", { webhooks: [tag('canary')] }, '1 tag (MutatingWebhookConfiguration prod)'],
    ['no tag that leads elsewhere', { webhooks: [tag('other')] }, ''],
    [
      "a gateway of somebody else's",
      {
        deployments: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: {
              name: 'edge',
              namespace: 'a',
              labels: { 'istio.io/rev': 'canary', 'operator.istio.io/component': 'IngressGateways' },
            },
          },
        ],
      },
      '1 gateway (Deployment a/edge)',
    ],
  ];
  it.each(cases)('%s', (_title, input, users) => {
    expect(find(input)).toBe(users);
  });
});

it('does not count the pods of what goes itself', () => {
  const gateway: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gateway', namespace: 'edge' },
    spec: { selector: { matchLabels: { 'istio.io/rev': 'canary' } } },
  };
  expect(find({ removed: [...CANARY, gateway], pods: [proxy('canary')] })).toBe('');
});
