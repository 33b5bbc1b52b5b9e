import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { computeOwnersAgain, computeRestoration, toRecorded } from './restore-object.ts';

const object = (change: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'gw',
    namespace: 'ns',
    uid: 'u',
    resourceVersion: '7',
    generation: 3,
    labels: { a: 'b' },
    ...metadata,
  },
  spec: { replicas: 2, paused: false },
  status: { replicas: 2 },
  ...change,
});

describe('what is recorded', () => {
  it('is what people and managers set, without what the cluster computes', () => {
    const managedFields = [{ manager: 'helm', operation: 'Update' }];
    expect(toRecorded(object({}, { managedFields }))).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'gw', namespace: 'ns', labels: { a: 'b' }, managedFields },
      spec: { replicas: 2, paused: false },
    });
  });

  it('of a definition is its metadata alone', () => {
    const definition = object({ kind: 'CustomResourceDefinition', spec: { group: 'g' } });
    expect(toRecorded(definition)).not.toHaveProperty('spec');
    expect(computeRestoration(definition, toRecorded(definition)).map(({ path }) => path)).toEqual([
      '/metadata/resourceVersion',
      '/metadata/labels',
    ]);
  });
});

describe('the way back', () => {
  it('sets what was set, removes what was not, and leaves the replicas that run now', () => {
    const live = object({ spec: { replicas: 5, paused: true }, data: { new: '1' } }, { annotations: { new: '1' } });
    expect(computeRestoration(live, toRecorded(object()))).toEqual([
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
      { op: 'remove', path: '/metadata/annotations' },
      { op: 'add', path: '/spec', value: { replicas: 5, paused: false } },
      { op: 'remove', path: '/data' },
    ]);
  });

  it('gives fields back to their managers, and leaves those of status and scale', () => {
    const before = [
      { manager: 'helm', operation: 'Update' },
      { manager: 'old', operation: 'Update', subresource: 'status' },
    ];
    const now = [
      { manager: 'sailwright', operation: 'Apply' },
      { manager: 'hpa', operation: 'Update', subresource: 'scale' },
    ];
    const recorded = toRecorded(object({}, { managedFields: before }));
    expect(computeOwnersAgain(object({}, { managedFields: now }), recorded)).toEqual([
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'replace', path: '/metadata/managedFields', value: [before[0], now[1]] },
    ]);
  });
});
