import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

/** Metrics of injection beside those of the webhook server. */
export interface InjectionMetrics {
  /** Read at each scrape: pods that injection missed, by revision. */
  watchMissedPods(count: () => ReadonlyMap<string, number>): void;
}

export function createInjectionMetrics(registry: Registry): InjectionMetrics {
  const watch = createScrapedGauge(registry, {
    name: 'sailwright_pods_missing_sidecar',
    help: 'Pods without the sidecar that they would get if they were created now, by revision; on the leader.',
    labelNames: ['revision'],
  });
  return {
    watchMissedPods: (count) => watch(() => [...count()].map(([revision, value]) => ({ labels: { revision }, value }))),
  };
}
