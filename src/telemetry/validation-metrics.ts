import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

/** Metrics of validation beside those of the webhook server. */
export interface ValidationMetrics {
  /** Read at each scrape: stored resources that would be refused, by kind. */
  watchInvalidResources(count: () => ReadonlyMap<string, number>): void;
}

export function createValidationMetrics(registry: Registry): ValidationMetrics {
  const watch = createScrapedGauge(registry, {
    name: 'sailwright_invalid_resources',
    help: "Stored resources of Istio's kinds that validation would refuse today, by kind; on the leader.",
    labelNames: ['kind'],
  });
  return {
    watchInvalidResources: (count) => watch(() => [...count()].map(([kind, value]) => ({ labels: { kind }, value }))),
  };
}
