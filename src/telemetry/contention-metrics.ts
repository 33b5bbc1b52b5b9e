import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

const LABELS = ['manager', 'kind', 'namespace', 'name', 'field'] as const;

/** Metrics of fights with other controllers. */
export interface ContentionMetrics {
  /** Read at each scrape: fields that others change back after each repair. */
  watchContestedFields(list: () => readonly Record<(typeof LABELS)[number], string>[]): void;
}

export function createContentionMetrics(registry: Registry): ContentionMetrics {
  const watch = createScrapedGauge(registry, {
    name: 'sailwright_contested_fields',
    help: '1 for each field that somebody changes back after each repair; on the leader.',
    labelNames: LABELS,
  });
  return { watchContestedFields: (list) => watch(() => list().map((labels) => ({ labels, value: 1 }))) };
}
