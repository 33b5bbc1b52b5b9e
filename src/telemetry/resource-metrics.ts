import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

const LABELS = ['namespace', 'name', 'type', 'status'] as const;

/** Metrics of the IstioOperators that there are. */
export interface ResourceMetrics {
  /** Read at each scrape: the conditions of all IstioOperators. */
  watchConditions(list: () => readonly Record<(typeof LABELS)[number], string>[]): void;
}

export function createResourceMetrics(registry: Registry): ResourceMetrics {
  const watch = createScrapedGauge(registry, {
    name: 'sailwright_istiooperator_condition',
    help: '1 for the status that a condition of an IstioOperator has; on every replica.',
    labelNames: LABELS,
  });
  return { watchConditions: (list) => watch(() => list().map((labels) => ({ labels, value: 1 }))) };
}
