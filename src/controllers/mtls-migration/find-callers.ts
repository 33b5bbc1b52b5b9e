import type { ListedSeries, Prometheus } from '../../prometheus/prometheus.ts';

/** Callers by metrics: undefined where nobody can be asked, or why the answer did not come. */
export type SeenCallers = { callers: string[] | undefined } | { failure: string };

/** Who sends plain text, as the metrics tell it. */
export async function findCallers(
  prometheus: Pick<Prometheus, 'list'> | undefined,
  query: string,
): Promise<SeenCallers> {
  if (!prometheus) return { callers: undefined };
  const listed: ListedSeries = await prometheus.list(query);
  if ('failure' in listed) return { failure: listed.failure };
  return { callers: listed.series.filter(({ value }) => value > 0).map(({ labels }) => callerText(labels)) };
}

/** `legacy/cron to web`, or what else the series says. */
function callerText(labels: Readonly<Record<string, string>>): string {
  const { source_workload: source, source_workload_namespace: namespace, destination_workload: to } = labels;
  if (source !== undefined && to !== undefined) return `${namespace ?? ''}/${source} to ${to}`;
  const others = Object.entries(labels).filter(([name]) => name !== '__name__');
  return others.map(([name, value]) => `${name}=${value}`).join(',') || 'somebody';
}
