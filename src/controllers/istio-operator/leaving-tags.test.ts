import { expect, it } from 'vitest';
import type { KubeObject } from '../../core/kube-object.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { createMemory } from './dependencies.ts';
import { findLeavingTags } from './leaving-tags.ts';

const entry = (name: string, labels: Record<string, string>, component = 'Pilot'): PruneEntry => {
  const object: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name, labels } };
  return { key: name, ref: object as unknown as PruneEntry['ref'], uid: name, component, object };
};
const TAG = entry('tag', { 'istio.io/tag': 'prod' });
const OTHER = entry('other', {}, 'IngressGateways');
const ISTIOD = entry('istiod', {});

function createWorld(annotations: Record<string, string> = {}): {
  at: (ms: number, prune: readonly PruneEntry[]) => [string[], number | undefined];
} {
  const clock = { ms: 0 };
  const memory = createMemory(() => clock.ms);
  const resource = { apiVersion: 'v1', kind: 'IstioOperator', metadata: { name: 'mesh', annotations } };
  return {
    at: (ms, prune) => {
      clock.ms = ms;
      const { leaving, waitMs } = findLeavingTags({ deps: { now: () => clock.ms }, memory, uid: 'u', resource }, prune);
      return [leaving.map(({ key }) => key), waitMs];
    },
  };
}

it('keeps a tag for a moment, and nothing else', () => {
  const { at } = createWorld();
  expect(at(1_000, [TAG, OTHER])).toEqual([['tag'], 5_000]);
  expect(at(3_000, [TAG])).toEqual([['tag'], 3_000]);
  expect(at(6_000, [TAG])).toEqual([[], undefined]);
});

it('keeps what the tag leads to as long as the tag', () => {
  const { at } = createWorld();
  expect(at(0, [TAG, ISTIOD, OTHER])[0]).toEqual(['tag', 'istiod']);
  expect(at(5_000, [TAG, ISTIOD])[0]).toEqual([]);
  expect(at(5_000, [ISTIOD])[0]).toEqual([]);
});

it('begins anew for a tag that was wanted in between', () => {
  const { at } = createWorld();
  at(1_000, [TAG]);
  at(2_000, []);
  expect(at(7_000, [TAG])).toEqual([['tag'], 5_000]);
});

it('keeps nothing that is removed by force', () => {
  expect(createWorld({ 'sailwright.dev/force-delete': 'true' }).at(0, [TAG])).toEqual([[], undefined]);
});
