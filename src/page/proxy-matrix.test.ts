import { expect, it } from 'vitest';
import type { ProxyRow } from '../core/report/mesh-report.ts';
import { proxyMatrix } from './proxy-matrix.ts';

function row(namespace: string, version: string, pods: number, isStale = false): ProxyRow {
  const stale = { reason: 'OtherVersion', message: '' } as const;
  return {
    namespace,
    kind: 'Deployment',
    workload: 'web',
    revision: 'default',
    version,
    pods,
    ...(isStale ? { stale } : {}),
  };
}

it('has the most common version first, and sums of workloads', () => {
  const { versions, rows } = proxyMatrix([
    row('a', '1', 2),
    row('a', '2', 3, true),
    row('b', '2', 4),
    row('b', '2', 1),
  ]);
  expect(versions).toEqual(['default 2', 'default 1']);
  expect(rows.map(({ namespace, pods, stale }) => [namespace, Object.fromEntries(pods), stale])).toEqual([
    ['a', { 'default 1': 2, 'default 2': 3 }, 3],
    ['b', { 'default 2': 5 }, 0],
  ]);
});

it('puts rare versions together, and loses no pod', () => {
  const proxies = Array.from({ length: 30 }, (_, at) => row('a', `v${at}`, 30 - at));
  const { versions, rows } = proxyMatrix(proxies);
  expect(versions).toHaveLength(8);
  expect(versions.at(-1)).toBe('others');
  const [only] = rows;
  expect([...(only?.pods.values() ?? [])].reduce((sum, pods) => sum + pods, 0)).toBe(465);
});
