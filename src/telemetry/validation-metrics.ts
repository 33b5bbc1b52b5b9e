import { Gauge, type Registry } from 'prom-client';

/** Metrics of validation beside those of the webhook server. */
export interface ValidationMetrics {
  /** Read at each scrape: stored resources that would be refused, by kind. */
  watchInvalidResources(count: () => ReadonlyMap<string, number>): void;
}

export function createValidationMetrics(registry: Registry): ValidationMetrics {
  let read = (): ReadonlyMap<string, number> => new Map();
  new Gauge({
    name: 'sailwright_invalid_resources',
    help: "Stored resources of Istio's kinds that validation would refuse today, by kind; on the leader.",
    labelNames: ['kind'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, count] of read()) this.set({ kind }, count);
    },
  });
  return { watchInvalidResources: (count) => void (read = count) };
}
