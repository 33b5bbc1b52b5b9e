import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../kube-object.ts';
import { applyPatch } from '../../../test/builders/apply-patch.ts';
import { computePatch, type PatchOperation } from './compute-patch.ts';

const key = fc.constantFrom('name', 'image', 'a/b', 'c~d', 'env', 'x', 'mountPath', 'constructor');
const json = fc.letrec<{ value: Json; object: JsonObject; list: Json[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, 1, '', 'a', 'b', 'c'),
    tie('object'),
    tie('list'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  list: fc.array(tie('value'), { maxLength: 5 }),
})).value;

const container = fc.record(
  { name: fc.constantFrom('a', 'b', 'c', 'd'), image: fc.constantFrom('x', 'y') },
  { requiredKeys: ['name'] },
);
const pod = fc.record({ spec: fc.record({ containers: fc.array(container, { maxLength: 5 }) }) });

describe('a patch turns one document into the other', () => {
  test('any two JSON documents', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(applyPatch(before, computePatch(before, after))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  test('two pods whose lists share names', () => {
    fc.assert(
      fc.property(pod, pod, (before, after) => {
        expect(applyPatch(before as Json, computePatch(before as Json, after as Json))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  test('equal documents need none', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(computePatch(value, structuredClone(value))).toEqual([]);
      }),
    );
  });
});

test.each<[string, Json, Json, PatchOperation[]]>([
  [
    'one annotation added: one operation, its name escaped',
    { metadata: { annotations: {} } },
    { metadata: { annotations: { 'istio.io/rev': 'default' } } },
    [{ op: 'add', path: '/metadata/annotations/istio.io~1rev', value: 'default' }],
  ],
  [
    'a container appended: the others are not written again',
    { containers: [{ name: 'app', image: 'x' }] },
    {
      containers: [
        { name: 'app', image: 'x' },
        { name: 'istio-proxy', image: 'p' },
      ],
    },
    [{ op: 'add', path: '/containers/1', value: { name: 'istio-proxy', image: 'p' } }],
  ],
  [
    'a container put first, and a field of the one behind it changed',
    { containers: [{ name: 'app', probe: 1 }] },
    { containers: [{ name: 'istio-proxy' }, { name: 'app', probe: 2 }] },
    [
      { op: 'add', path: '/containers/0', value: { name: 'istio-proxy' } },
      { op: 'replace', path: '/containers/1/probe', value: 2 },
    ],
  ],
  ['a field removed', { a: 1, b: 2 }, { a: 1 }, [{ op: 'remove', path: '/b' }]],
])('%s', (_title, before, after, patch) => {
  expect(computePatch(before, after)).toEqual(patch);
});
