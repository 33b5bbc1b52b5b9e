import type { Findings } from '../../findings.ts';

/** Topology of an endpoint, from the largest part to the smallest. */
export const TOPOLOGY_LABELS: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
]);

/** Where requests of a region go when it is down. */
export interface RegionFailover {
  from?: string | undefined;
  to?: string | undefined;
}

/** Settings that only work when failing endpoints are noticed. */
export interface FailoverSettings {
  failover?: readonly RegionFailover[] | undefined;
  failoverPriority?: readonly string[] | undefined;
}

/** Where settings stand, and whether failing endpoints are noticed there. */
export interface LocalityContext {
  path: string;
  hasOutlier: boolean;
}

/** Warns of failover without the detection that triggers it. */
export function checkDetection(
  { failover, failoverPriority }: FailoverSettings,
  context: LocalityContext,
  findings: Findings,
): void {
  if (context.hasOutlier || (!failover && !failoverPriority)) return;
  const message = 'never fails over without outlierDetection, which notices that endpoints fail: add it';
  findings.warn(context.path, 'FailoverWithoutDetection', message);
}

/** Records regions that are no regions, or fail over to themselves. */
export function checkRegions(failover: readonly RegionFailover[] | undefined, path: string, findings: Findings): void {
  failover?.forEach(({ from = '', to = '' }, i) => {
    const item = `${path}[${i}]`;
    if (from === to) findings.error(item, 'FailoverSameRegion', `fails over from ${JSON.stringify(from)} to itself`);
    if (from.includes('/') || to.includes('/')) {
      findings.error(item, 'FailoverNotRegion', 'takes regions only: leave out zone and subzone');
    }
    if (from.includes('*') || to.includes('*')) {
      findings.error(item, 'FailoverWildcard', 'takes regions literally and knows no *');
    }
  });
}
