import { expect, it } from 'vitest';
import { namespaceObject } from '../../../test/builders/control-plane.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import { findUnservedLabels } from '../inject/unserved-labels.ts';
import { finish } from '../pausable.ts';
import { computeInjectionConditions, type ObservedInjection } from './injection-conditions.ts';

const webhook = { configuration: 'ours', name: 'w', path: '/inject', revisions: [] };
const unserved = finish(
  findUnservedLabels({
    namespaces: [namespaceObject('shop', { 'istio.io/rev': 'gone' })],
    pods: [],
    webhooks: [],
  }),
);

const compute = (observed: ObservedInjection, previous: StatusCondition[] = [], now = 'now'): StatusCondition[] =>
  computeInjectionConditions(observed, previous, { generation: 2, now });

it.each<[type: string, reason: string, bad: ObservedInjection, text: string, good: ObservedInjection]>([
  [
    'InjectionConflict',
    'CompetingInjector',
    { conflicts: [{ ours: webhook, other: { ...webhook, configuration: 'theirs' } }] },
    'theirs',
    { conflicts: [] },
  ],
  [
    'SidecarsMissing',
    'PodsWithoutSidecar',
    { missed: [{ namespace: 'shop', name: 'web', webhook }] },
    'shop/web',
    { missed: [] },
  ],
  ['InjectorMissing', 'LabelsWithoutInjector', { unserved }, '1 namespace (shop)', { unserved: [] }],
  ['RevisionInUse', 'RevisionInUse', { inUse: 'canary is used' }, 'canary', { inUse: '' }],
  ['DataStale', 'KindsNotRead', { stale: [{ kind: 'Pod', since: 'yesterday' }] }, 'Pod since yesterday', { stale: [] }],
])('%s is there while something is wrong, and stands while nobody looks', (type, reason, bad, text, good) => {
  const first = compute(bad, [], 'then');
  expect(first).toEqual([
    {
      type,
      reason,
      status: 'True',
      message: expect.stringContaining(text) as string,
      observedGeneration: 2,
      lastTransitionTime: 'then',
    },
  ]);
  expect(compute(bad, first)).toEqual(first);
  expect(compute({}, first)).toEqual(first);
  expect(compute(good, first)).toEqual([]);
});
