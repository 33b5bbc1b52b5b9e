import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

/** Metrics of analysis across resources. */
export interface AnalysisMetrics {
  /** Read at each scrape: how often the last look found each code. */
  watchFindings(list: () => readonly { code: string; level: string; count: number }[]): void;
}

export function createAnalysisMetrics(registry: Registry): AnalysisMetrics {
  const watch = createScrapedGauge(registry, {
    name: 'sailwright_analysis_findings',
    help: 'Mistakes across resources that the last analysis found, by code and level; on the leader.',
    labelNames: ['code', 'level'],
  });
  return {
    watchFindings: (list) =>
      watch(() => list().map(({ code, level, count }) => ({ labels: { code, level }, value: count }))),
  };
}
