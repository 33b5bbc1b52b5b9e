import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { computeTakeover, computeUnkept } from './adoption.ts';
import type { FieldsV1, ManagedFieldsEntry } from './field-ownership.ts';
import {
  agreesButLabels,
  findKeepable,
  keeperOf,
  labelsIn,
  listKeptLabels,
  restartsPods,
  withoutLabels,
} from './kept-labels.ts';
import { templateLabels } from './pod-template.ts';

const CONTAINER = { name: 'proxy', image: 'hub/proxyv2:1', env: [{ name: 'A', value: '' }] };
const gateway = (labels: object, container: object = CONTAINER, spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'gw', namespace: 'ns' },
  spec: {
    selector: { matchLabels: { app: 'gw', release: 'mine' } },
    template: {
      metadata: { labels: { app: 'gw', release: 'mine', ...labels } },
      spec: { containers: [container], ...spec },
    },
  },
});

/** The object as it is stored after a manager applied it, with what the API server adds. */
function stored(object: KubeObject, manager: string): KubeObject {
  const { apiVersion, spec } = object;
  const fieldsV1: FieldsV1 = { 'f:spec': treeOf(spec) };
  const entry: ManagedFieldsEntry = { manager, operation: 'Apply', apiVersion, fieldsV1 };
  return { ...object, metadata: { ...object.metadata, managedFields: [entry] } };
}

function treeOf(value: unknown): FieldsV1 {
  if (Array.isArray(value)) {
    return Object.fromEntries(
      value.map((item: { name: string }) => [`k:${JSON.stringify({ name: item.name })}`, treeOf(item)]),
    );
  }
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [`f:${key}`, treeOf(item)]));
}

const FORMER = { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': 'gateway-1', heritage: 'Tiller' };
const OURS = { 'app.kubernetes.io/managed-by': 'sailwright', 'helm.sh/chart': 'gateway-1' };

describe('labels of a former installer stay', () => {
  it.each<[title: string, live: KubeObject, kept: string[]]>([
    ['where they differ, or are wanted no more', gateway(FORMER), ['app.kubernetes.io/managed-by', 'heritage']],
    [
      'beside what the API server adds',
      gateway(FORMER, { ...CONTAINER, imagePullPolicy: 'Always' }, { dnsPolicy: 'x' }),
      ['app.kubernetes.io/managed-by', 'heritage'],
    ],
    [
      'beside the former name of an account, which Kubernetes fills in',
      gateway(FORMER, CONTAINER, { serviceAccount: 'x' }),
      ['app.kubernetes.io/managed-by', 'heritage'],
    ],
    ['not where the image changes', gateway(FORMER, { ...CONTAINER, image: 'hub/proxyv2:0' }), []],
    ['not where something that they set goes', gateway(FORMER, { ...CONTAINER, workingDir: '/' }), []],
    ['not where another label changes', gateway({ ...FORMER, 'istio.io/rev': 'old' }), []],
    [
      'not where there are none',
      gateway({ 'app.kubernetes.io/managed-by': 'sailwright', 'helm.sh/chart': 'gateway-1' }),
      [],
    ],
  ])('%s', (title, live, kept) => {
    const defaulted = title.startsWith('beside what')
      ? stored(gateway(FORMER), 'helm').metadata
      : stored(live, 'helm').metadata;
    const found = findKeepable(gateway(OURS), { ...live, metadata: defaulted }, ['helm']);
    expect(labelsIn(found)).toEqual(kept);
  });

  it('never where the selector names them', () => {
    const live = stored(gateway({ ...FORMER, release: 'other' }), 'helm');
    expect(findKeepable(gateway(OURS), live, ['helm'])).toEqual({});
  });

  it('not of what has no pod template', () => {
    const service: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'gw' }, spec: { type: 'x' } };
    expect(findKeepable(service, stored(service, 'helm'), ['helm'])).toEqual({});
  });
});

describe('what is empty and of a former installer', () => {
  const AFFINITY = { 'f:spec': { 'f:template': { 'f:spec': { 'f:affinity': { 'f:nodeAffinity': {} } } } } };

  it('stays, as labels do, down to what it holds', () => {
    const live = stored(gateway({}, CONTAINER, { affinity: { nodeAffinity: {} } }), 'istio-operator');
    const kept = findKeepable(gateway({}), live, ['istio-operator']);
    expect(kept).toEqual(AFFINITY);
    expect(restartsPods({ desired: gateway({}), live, formerly: ['istio-operator'] }, kept)).toBe(false);
    const managedFields = computeTakeover(live, kept) ?? [];
    expect(managedFields.find(({ manager }) => manager === 'sailwright-kept')?.fieldsV1).toEqual(AFFINITY);
  });

  it.each<[what: string, spec: object]>([
    ['it chooses by being there', { volume: { emptyDir: {} } }],
    ['it holds something', { affinity: { nodeAffinity: { a: 1 } } }],
  ])('does not stay where %s', (_what, spec) => {
    const live = stored(gateway({}, CONTAINER, spec), 'helm');
    expect(findKeepable(gateway({}), live, ['helm'])).toEqual({});
    expect(restartsPods({ desired: gateway({}), live, formerly: ['helm'] }, {})).toBe(true);
  });
});

it.each([
  ['1000m', '1', true],
  [2, '2', true],
  ['1Gi', '1Mi', false],
])('reads quantities as the API server does: %s and %s', (wanted, live, same) => {
  const of = (cpu: unknown): KubeObject => gateway(OURS, { ...CONTAINER, resources: { limits: { cpu } } });
  expect(agreesButLabels([], of(wanted), stored(of(live), 'sailwright'))).toBe(same);
});

describe('what keeps them', () => {
  const live = stored(gateway(FORMER), 'helm');
  const labels = ['app.kubernetes.io/managed-by', 'heritage'];
  const kept = findKeepable(gateway(OURS), live, ['helm']);

  it('is a manager of its own beside ours', () => {
    const managedFields = computeTakeover(live, kept) ?? [];
    expect(managedFields.map(({ manager }) => manager)).toEqual(['sailwright', 'sailwright-kept']);
    const taken = { ...live, metadata: { ...live.metadata, managedFields } };
    expect(listKeptLabels(taken)).toEqual(labels);
    expect(templateLabels(withoutLabels(gateway(OURS), labels))).toEqual({
      app: 'gw',
      release: 'mine',
      'helm.sh/chart': 'gateway-1',
    });
  });

  it('ends as ours, so that the next apply sets or removes them', () => {
    const managedFields = computeTakeover(live, kept) ?? [];
    const after = computeUnkept({ ...live, metadata: { ...live.metadata, managedFields } }) ?? [];
    expect(after.map(({ manager }) => manager)).toEqual(['sailwright']);
    expect(JSON.stringify(after)).toContain('f:heritage');
  });

  it('is nothing where nothing is kept', () => {
    expect(keeperOf({}, 'apps/v1')).toBeUndefined();
    expect(listKeptLabels(live)).toEqual([]);
    expect(computeUnkept(live)).toBeUndefined();
  });
});
