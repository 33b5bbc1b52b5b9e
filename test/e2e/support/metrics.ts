import type { OperatorProcess } from '../../../testbed/operator-process.ts';

/** The sum of all series of one metric on the operator's /metrics page; 0 when there is none yet. */
export async function fetchMetricSum(operator: OperatorProcess, metric: string): Promise<number> {
  return sumMetric(await operator.fetchMetrics(), metric);
}

/** Adds the samples of one metric in Prometheus' text form; it may go on with its first labels. */
export function sumMetric(text: string, metric: string): number {
  return text
    .split('\n')
    .filter((line) => [' ', '{', ','].some((next) => line.startsWith(metric + next)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
