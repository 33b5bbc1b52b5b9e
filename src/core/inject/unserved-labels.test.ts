import { describe, expect, it } from 'vitest';
import { namespaceObject, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { injectionWebhooksOf, type PodWebhook } from './injection-webhooks.ts';
import { finish } from '../pausable.ts';
import { describeUnservedLabels, findUnservedLabels } from './unserved-labels.ts';

const injectors = (values: JsonObject): PodWebhook[] => renderControlPlane(values).flatMap(injectionWebhooksOf);
const DEFAULT = injectors({});
const CANARY = injectors({ revision: 'canary' });
const TAG = injectors({ revision: 'canary', revisionTags: ['prod'] });
/** As another installer may name and select. */
const FOREIGN: PodWebhook[] = [
  {
    configuration: 'other',
    name: 'x',
    path: '/inject',
    revisions: ['asm'],
    namespaceSelector: { matchLabels: { 'istio.io/rev': 'asm' } },
    objectSelector: { matchLabels: { mesh: 'in' } },
  },
];

interface Case {
  webhooks?: PodWebhook[];
  labels?: Record<string, string>;
  pod?: Record<string, string>;
  more?: Partial<KubeObject> & { annotations?: Record<string, string> };
}

function find({ webhooks = [], labels = {}, pod, more = {} }: Case): string[] {
  const { annotations = {}, ...rest } = more;
  const namespaces = [namespaceObject('apps', labels)];
  const pods = pod ? [{ ...podObject('apps', 'web', { labels: pod, annotations }), ...rest }] : [];
  return finish(findUnservedLabels({ namespaces, pods, webhooks })).map(
    ({ object, label, reason }) => `${object.kind} ${label} ${reason}`,
  );
}

const rev = (revision: string): Record<string, string> => ({ 'istio.io/rev': revision });
const ENABLED = { 'istio-injection': 'enabled' };
const ASKED = { 'sidecar.istio.io/inject': 'true' };

describe('labels of a namespace', () => {
  it.each<[title: string, input: Case, found: string[]]>([
    ['no label', { webhooks: CANARY }, []],
    [
      'a revision that is not there',
      { webhooks: DEFAULT, labels: rev('gone') },
      ['Namespace istio.io/rev=gone RevisionNotFound'],
    ],
    ['a revision where nothing injects', { labels: rev('gone') }, ['Namespace istio.io/rev=gone RevisionNotFound']],
    ['an empty revision', { webhooks: DEFAULT, labels: rev('') }, ['Namespace istio.io/rev= RevisionNotFound']],
    ['a revision', { webhooks: CANARY, labels: rev('canary') }, []],
    ['a tag', { webhooks: TAG, labels: rev('prod') }, []],
    [
      'a tag that is not there',
      { webhooks: CANARY, labels: rev('prod') },
      ['Namespace istio.io/rev=prod RevisionNotFound'],
    ],
    ['a revision of another installer, whatever it asks of pods', { webhooks: FOREIGN, labels: rev('asm') }, []],
    ['the default by its label', { webhooks: DEFAULT, labels: ENABLED }, []],
    ['the default by its name', { webhooks: DEFAULT, labels: rev('default') }, []],
    [
      'the default that is not there',
      { webhooks: CANARY, labels: ENABLED },
      ['Namespace istio-injection=enabled NoDefaultInjector'],
    ],
    [
      'the default by its name, not there',
      { webhooks: CANARY, labels: rev('default') },
      ['Namespace istio.io/rev=default NoDefaultInjector'],
    ],
    [
      'both labels, of which the first counts',
      { webhooks: CANARY, labels: { ...ENABLED, ...rev('canary') } },
      ['Namespace istio-injection=enabled NoDefaultInjector'],
    ],
    [
      'no injection, whatever the revision',
      { webhooks: CANARY, labels: { 'istio-injection': 'disabled', ...rev('gone') } },
      [],
    ],
    ['ambient mode', { webhooks: CANARY, labels: { 'istio.io/dataplane-mode': 'ambient', ...rev('gone') } }, []],
  ])('%s', (_title, input, found) => {
    expect(find(input)).toEqual(found);
  });

  it.each<[title: string, namespace: KubeObject]>([
    ['of the cluster itself', namespaceObject('kube-system', ENABLED)],
    [
      'that is on its way out',
      { ...namespaceObject('apps'), metadata: { name: 'apps', labels: ENABLED, deletionTimestamp: 'x' } },
    ],
  ])('are no matter in a namespace %s', (_title, namespace) => {
    expect(finish(findUnservedLabels({ namespaces: [namespace], pods: [], webhooks: [] }))).toEqual([]);
  });
});

const POD_GONE = ['Pod istio.io/rev=gone RevisionNotFound'];

describe('labels of a pod', () => {
  it.each<[title: string, input: Case, found: string[]]>([
    ['no label', { webhooks: CANARY, pod: {} }, []],
    ['a revision', { webhooks: CANARY, pod: rev('canary') }, []],
    ['a revision that is not there', { webhooks: DEFAULT, pod: rev('gone') }, POD_GONE],
    ['the same and asked for by itself', { webhooks: DEFAULT, pod: { ...rev('gone'), ...ASKED } }, POD_GONE],
    ['injection', { webhooks: DEFAULT, pod: ASKED }, []],
    [
      'injection without a default',
      { webhooks: CANARY, pod: ASKED },
      ['Pod sidecar.istio.io/inject=true NoDefaultInjector'],
    ],
    ['what the namespace decides', { webhooks: DEFAULT, labels: ENABLED, pod: rev('gone') }, []],
    [
      'what the namespace decides against',
      { webhooks: DEFAULT, labels: { 'istio-injection': 'disabled' }, pod: rev('gone') },
      [],
    ],
    [
      'a namespace that is named itself',
      { webhooks: DEFAULT, labels: rev('gone'), pod: rev('gone') },
      ['Namespace istio.io/rev=gone RevisionNotFound'],
    ],
    ['no injection', { pod: { ...rev('gone'), 'sidecar.istio.io/inject': 'false' } }, []],
    [
      'no injection by annotation',
      { pod: rev('gone'), more: { annotations: { 'sidecar.istio.io/inject': 'false' } } },
      [],
    ],
    ['an end', { pod: rev('gone'), more: { status: { phase: 'Succeeded' } } }, []],
    ['the host network', { pod: rev('gone'), more: { spec: { hostNetwork: true } } }, []],
    ['a proxy of its own', { pod: rev('gone'), more: { spec: { containers: [{ name: 'istio-proxy' }] } } }, []],
    [
      'a sidecar of a revision that went',
      { pod: rev('gone'), more: { annotations: { 'sidecar.istio.io/status': '{}' } } },
      POD_GONE,
    ],
  ])('%s', (_title, input, found) => {
    expect(find(input)).toEqual(found);
  });

  it('are no matter where the namespace is not known', () => {
    const pods = [podObject('apps', 'web', { labels: rev('gone') })];
    expect(finish(findUnservedLabels({ namespaces: [], pods, webhooks: [] }))).toEqual([]);
  });
});

it('names the first by label, and how many there are', () => {
  const namespaces = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => namespaceObject(name, rev('gone')));
  const pods = [podObject('open', 'web', { labels: rev('gone') })];
  const found = finish(
    findUnservedLabels({
      namespaces: [...namespaces, namespaceObject('open'), namespaceObject('z', ENABLED)],
      pods,
      webhooks: [],
    }),
  );
  expect(describeUnservedLabels(found)).toBe(
    'labels ask for an injector that is not there, so new pods get no sidecar: istio-injection=enabled on 1 namespace (z); ' +
      'istio.io/rev=gone on 7 namespaces (a, b, c, d, e and 2 more) and 1 pod (open/web). ' +
      'Install that revision, a tag of that name or a default revision, or change the labels',
  );
  const many = Array.from({ length: 900 }, (_, i) => namespaceObject(`n${i}`, rev(`r${i}`)));
  const text = describeUnservedLabels(finish(findUnservedLabels({ namespaces: many, pods: [], webhooks: [] })));
  expect(text).toContain('; and 895 more labels.');
  expect(text.length).toBeLessThan(1_000);
  expect(describeUnservedLabels([])).toBe('');
});
