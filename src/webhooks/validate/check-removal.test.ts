import { expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { Result } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import { createRemovalCheck, type FindUsers } from './check-removal.ts';
import { studyChange } from './change-study.ts';
import { parseChange, type CheckAnswer } from './istio-operator-change.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };
const renderHere = (resource: KubeObject): Result<Rendered> =>
  render({ documents: [resource as unknown as JsonObject] }, { form: 'sailwright', defaults: DEFAULTS });
const USERS = 'revision canary is in use by 1 namespace (apps)';
const inUse: FindUsers = () => Promise.resolve({ text: USERS, isKept: false });
const unasked: FindUsers = () => expect.unreachable('asked');

function istioOperator(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  const named = { name: 'mesh', namespace: 'istio-system', ...metadata };
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: named, spec };
}

async function judge(
  findUsers: FindUsers,
  { old, object }: { old?: JsonObject; object?: JsonObject },
  budgetMs?: number,
): Promise<CheckAnswer> {
  const operation = object ? (old ? 'UPDATE' : 'CREATE') : 'DELETE';
  const request = { uid: 'u', operation, ...(object ? { object } : {}), ...(old ? { oldObject: old } : {}) } as const;
  const change = parseChange(request, (pair) => studyChange(pair, renderHere, 'sailwright-system'));
  if (!change) throw new Error('the request could not be parsed');
  const context = { path: '/validate-istiooperator', peer: '', signal: new AbortController().signal };
  return createRemovalCheck(findUsers, budgetMs)(change, context);
}

const CANARY = istioOperator({ revision: 'canary' });
const NEXT = istioOperator({ revision: 'next' });

it('refuses a deletion as a conflict with what is there', async () => {
  const denial = { verdict: 'RevisionInUse', message: USERS, code: 409, reason: 'Conflict' };
  expect(await judge(inUse, { old: CANARY })).toEqual({ denial });
});

it('refuses a change in other terms than a conflict of field managers', async () => {
  const { denial } = await judge(inUse, { old: CANARY, object: NEXT });
  expect(denial).toMatchObject({ verdict: 'RevisionInUse', message: USERS, code: 403 });
});

it('warns of what stays as long as it is used', async () => {
  const kept: FindUsers = () => Promise.resolve({ text: USERS, isKept: true });
  const { denial, warnings } = await judge(kept, { old: CANARY, object: NEXT });
  expect(denial).toBeUndefined();
  expect(warnings?.[0]).toContain(`${USERS}; it stays`);
});

it('asks who uses what the change leaves out', async () => {
  const asked: string[][] = [];
  const record: FindUsers = ({ desired }) => {
    asked.push(desired.map(({ metadata }) => metadata.name));
    return Promise.resolve({ text: '', isKept: false });
  };
  expect(await judge(record, { old: CANARY, object: NEXT })).toEqual({});
  expect(await judge(record, { old: CANARY })).toEqual({});
  expect(asked).toEqual([expect.arrayContaining(['istiod-next']), []]);
});

const LEAVING = { deletionTimestamp: '2026-01-01T00:00:00Z' };
it.each<[what: string, write: { old?: JsonObject; object?: JsonObject }]>([
  ['a new resource', { object: CANARY }],
  ['the same spec', { old: CANARY, object: istioOperator({ revision: 'canary' }, { annotations: { a: 'b' } }) }],
  ['a second deletion', { old: istioOperator({ revision: 'canary' }, LEAVING) }],
  ['a change on the way out', { old: CANARY, object: istioOperator({ revision: 'next' }, LEAVING) }],
  ['what cannot be rendered, and so is not applied', { old: CANARY, object: istioOperator({ profile: 'gone' }) }],
])('lets pass %s', async (_what, write) => {
  expect(await judge(unasked, write)).toEqual({});
});

it.each<[what: string, findUsers: FindUsers, says: string]>([
  ['fails', () => Promise.reject(new Error('etcd is away')), 'etcd is away'],
  [
    'says nothing',
    (_removal, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('no answer in time')))),
    'no answer in time',
  ],
])('leaves it to the finalizer when the API server %s', async (_what, findUsers, says) => {
  const { denial, warnings } = await judge(findUsers, { old: CANARY }, 20);
  expect(denial).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining(says)]);
});
