import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

/** Metrics of TrafficShifts. */
export interface ShiftMetrics {
  /** Read at each scrape: the statuses of all TrafficShifts. */
  watchShifts(list: () => readonly { phase?: string | undefined }[]): void;
}

export function createShiftMetrics(registry: Registry): ShiftMetrics {
  const watchPhases = createScrapedGauge(registry, {
    name: 'sailwright_traffic_shifts',
    help: 'TrafficShifts by phase; on the leader.',
    labelNames: ['phase'],
  });
  return {
    watchShifts: (list) =>
      watchPhases(() => {
        const phases = new Map<string, number>();
        for (const { phase = 'Waiting' } of list()) phases.set(phase, (phases.get(phase) ?? 0) + 1);
        return [...phases].map(([phase, value]) => ({ labels: { phase }, value }));
      }),
  };
}
