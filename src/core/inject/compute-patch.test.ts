import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { computePatch, type PatchOperation } from './compute-patch.ts';

/** A plain RFC 6902 implementation, written apart from the code under test. */
function applyPatch(document: Json, patch: readonly PatchOperation[]): Json {
  let root = structuredClone(document);
  for (const operation of patch) {
    const tokens = operation.path
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (tokens.length === 0) {
      if (operation.op === 'remove') throw new Error('cannot remove the root');
      root = structuredClone(operation.value);
      continue;
    }
    applyAt(root, tokens, operation);
  }
  return root;
}

function applyAt(root: Json, tokens: readonly string[], operation: PatchOperation): void {
  let parent: Json = root;
  for (const token of tokens.slice(0, -1)) {
    parent = (Array.isArray(parent) ? parent[Number(token)] : (parent as JsonObject)[token]) as Json;
  }
  const last = tokens.at(-1) ?? '';
  if (Array.isArray(parent)) applyToList(parent, Number(last), operation);
  else if (isJsonObject(parent)) applyToObject(parent, last, operation);
  else throw new Error(`nothing above ${operation.path}`);
}

function applyToList(list: Json[], index: number, operation: PatchOperation): void {
  const last = operation.op === 'add' ? list.length : list.length - 1;
  if (index > last) throw new Error(`no element ${operation.path}`);
  if (operation.op === 'remove') list.splice(index, 1);
  else list.splice(index, operation.op === 'add' ? 0 : 1, structuredClone(operation.value));
}

function applyToObject(object: JsonObject, field: string, operation: PatchOperation): void {
  if (operation.op !== 'add' && !Object.hasOwn(object, field)) throw new Error(`no field ${operation.path}`);
  if (operation.op === 'remove') delete object[field];
  else object[field] = structuredClone(operation.value);
}

const key = fc.constantFrom('name', 'image', 'a/b', 'c~d', 'env', 'x', 'mountPath');
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
