import type { ProxyRow } from '../core/report/mesh-report.ts';

/** Pods of a namespace by revision and version. */
export interface MatrixRow {
  namespace: string;
  pods: Map<string, number>;
  stale: number;
}

/** More columns than these nobody reads: the rest is one. */
const MAX_VERSIONS = 8;
const REST = 'others';

/** Namespaces by `REVISION VERSION`, the most common first. */
export function proxyMatrix(proxies: readonly ProxyRow[]): { versions: string[]; rows: MatrixRow[] } {
  const totals = new Map<string, number>();
  for (const row of proxies) totals.set(nameOf(row), (totals.get(nameOf(row)) ?? 0) + row.pods);
  const all = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const versions = all.length > MAX_VERSIONS ? [...all.slice(0, MAX_VERSIONS - 1), REST] : all;
  const known = new Set(versions);
  const rows = new Map<string, MatrixRow>();
  for (const proxy of proxies) {
    const { namespace, pods, stale } = proxy;
    const row = rows.get(namespace) ?? { namespace, pods: new Map<string, number>(), stale: 0 };
    rows.set(namespace, row);
    const version = known.has(nameOf(proxy)) ? nameOf(proxy) : REST;
    row.pods.set(version, (row.pods.get(version) ?? 0) + pods);
    if (stale) row.stale += pods;
  }
  return { versions, rows: [...rows.values()] };
}

function nameOf({ revision, version }: ProxyRow): string {
  return `${revision} ${version}`;
}
