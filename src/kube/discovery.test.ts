import { expect, it } from 'vitest';
import { Discovery } from './discovery.ts';
import { ApiError, isNotFound } from './errors.ts';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const APPS = { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] };
const groups = (...versions: string[]): unknown => ({
  groups: versions.map((groupVersion) => ({ versions: [{ groupVersion }] })),
});

function discover(answers: Record<string, unknown>): Discovery {
  return new Discovery((path) => {
    const answer = answers[path];
    const error = new ApiError({ status: 404, reason: 'NotFound', message: `GET ${path}: not found` });
    return answer === undefined ? Promise.reject(error) : Promise.resolve(answer);
  });
}

it('finds a kind, and asks for its group once', async () => {
  const answers: Record<string, unknown> = { '/apis/apps/v1': APPS };
  const discovery = discover(answers);
  expect(await discovery.fetchKind(DEPLOYMENT)).toEqual({ plural: 'deployments', namespaced: true });
  delete answers['/apis/apps/v1'];
  expect(await discovery.fetchKind(DEPLOYMENT)).toBeDefined();
});

it('takes a kind for not served when its group and the list of groups say so', async () => {
  const discovery = discover({ '/apis/apps/v1': APPS, '/apis': groups('apps/v1') });
  expect(await discovery.fetchKind({ apiVersion: 'apps/v1', kind: 'Nothing' })).toBeUndefined();
  expect(await discovery.fetchKind({ apiVersion: 'a.example/v1', kind: 'A' })).toBeUndefined();
});

it.each<[what: string, answers: Record<string, unknown>, apiVersion: string, cause: string]>([
  ['a group that is in the list of groups', { '/apis': groups('apps/v1') }, 'apps/v1', 'in the list of API groups'],
  ['a list of groups that is not there either', {}, 'a.example/v1', 'the list of API groups is broken'],
  ['a list of groups without any', { '/apis': { groups: [] } }, 'a.example/v1', 'the list of API groups is broken'],
  ['a list of groups that is none', { '/apis': {} }, 'a.example/v1', 'the list of API groups is broken'],
  ['the core of the API', { '/apis': groups('apps/v1') }, 'v1', 'every API server serves it'],
  ['a group without resources', { '/apis/apps/v1': { resources: [] } }, 'apps/v1', 'no list of resources'],
  ['an answer that is no list', { '/apis/apps/v1': 'x' }, 'apps/v1', 'no list of resources'],
])('does not conclude from %s that a kind is not served', async (_what, answers, apiVersion, cause) => {
  const error: unknown = await discover(answers)
    .fetchKind({ apiVersion, kind: 'A' })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: expect.stringContaining(cause) as string });
  expect(isNotFound(error)).toBe(false);
});
