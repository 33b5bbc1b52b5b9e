import { Gauge, type Registry } from 'prom-client';

/** Metrics of analysis across resources. */
export interface AnalysisMetrics {
  /** Read at each scrape: how often the last look found each code. */
  watchFindings(list: () => readonly { code: string; level: string; count: number }[]): void;
}

export function createAnalysisMetrics(registry: Registry): AnalysisMetrics {
  let read = (): readonly { code: string; level: string; count: number }[] => [];
  new Gauge({
    name: 'sailwright_analysis_findings',
    help: 'Mistakes across resources that the last analysis found, by code and level; on the leader.',
    labelNames: ['code', 'level'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const { code, level, count } of read()) this.set({ code, level }, count);
    },
  });
  return { watchFindings: (list) => void (read = list) };
}
