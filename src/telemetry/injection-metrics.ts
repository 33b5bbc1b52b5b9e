import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

/** Metrics of injection beside those of the webhook server. */
export interface InjectionMetrics {
  /** Read at each scrape: pods that injection missed, by revision. */
  watchMissedPods(count: () => ReadonlyMap<string, number>): void;
  /** Read at each scrape: namespaces and pods that ask for an injector which is not there, by reason. */
  watchUnservedLabels(count: () => ReadonlyMap<string, number>): void;
}

export function createInjectionMetrics(registry: Registry): InjectionMetrics {
  const watchMissed = createScrapedGauge(registry, {
    name: 'sailwright_pods_missing_sidecar',
    help: 'Pods without the sidecar that they would get if they were created now, by revision; on the leader.',
    labelNames: ['revision'],
  });
  const watchUnserved = createScrapedGauge(registry, {
    name: 'sailwright_labels_without_injector',
    help: 'Namespaces and pods whose labels ask for an injector that is not there, by reason; on the leader.',
    labelNames: ['reason'],
  });
  return {
    watchMissedPods: (count) =>
      watchMissed(() => [...count()].map(([revision, value]) => ({ labels: { revision }, value }))),
    watchUnservedLabels: (count) =>
      watchUnserved(() => [...count()].map(([reason, value]) => ({ labels: { reason }, value }))),
  };
}
