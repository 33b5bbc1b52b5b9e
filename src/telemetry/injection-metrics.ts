import { Gauge, type Registry } from 'prom-client';

/** Metrics of injection beside those of the webhook server. */
export interface InjectionMetrics {
  /** Read at each scrape: pods that injection missed, by revision. */
  watchMissedPods(count: () => ReadonlyMap<string, number>): void;
}

export function createInjectionMetrics(registry: Registry): InjectionMetrics {
  let read = (): ReadonlyMap<string, number> => new Map();
  new Gauge({
    name: 'sailwright_pods_missing_sidecar',
    help: 'Pods without the sidecar that they would get if they were created now, by revision; on the leader.',
    labelNames: ['revision'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [revision, count] of read()) this.set({ revision }, count);
    },
  });
  return { watchMissedPods: (count) => void (read = count) };
}
