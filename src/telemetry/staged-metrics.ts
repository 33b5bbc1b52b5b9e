import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

type ListPhases = () => readonly { phase?: string | undefined }[];

/** Metrics of TrafficShifts and MutualTLSMigrations. */
export interface StagedMetrics {
  /** Read at each scrape: the statuses of all TrafficShifts. */
  watchShifts(list: ListPhases): void;
  /** The same of MutualTLSMigrations. */
  watchMigrations(list: ListPhases): void;
}

export function createStagedMetrics(registry: Registry): StagedMetrics {
  const watchPhases = (name: string, help: string): ((list: ListPhases) => void) => {
    const watch = createScrapedGauge(registry, { name, help, labelNames: ['phase'] });
    return (list) => watch(() => countPhases(list()));
  };
  return {
    watchShifts: watchPhases('sailwright_traffic_shifts', 'TrafficShifts by phase; on the leader.'),
    watchMigrations: watchPhases('sailwright_mutual_tls_migrations', 'MutualTLSMigrations by phase; on the leader.'),
  };
}

function countPhases(statuses: ReturnType<ListPhases>): { labels: { phase: string }; value: number }[] {
  const phases = new Map<string, number>();
  for (const { phase = 'Waiting' } of statuses) phases.set(phase, (phases.get(phase) ?? 0) + 1);
  return [...phases].map(([phase, value]) => ({ labels: { phase }, value }));
}
