import type { Registry } from 'prom-client';
import { createScrapedGauge } from './scraped-gauge.ts';

/** What is counted of a ProxyRollout's status. */
export interface CountedRollout {
  phase?: string | undefined;
  counts?: { stale: number; underWay: number; renewed: number; blocked: number } | undefined;
}

/** Metrics of ProxyRollouts. */
export interface RolloutMetrics {
  /** Read at each scrape: the statuses of all ProxyRollouts. */
  watchRollouts(list: () => readonly CountedRollout[]): void;
}

const STATES = ['stale', 'underWay', 'renewed', 'blocked'] as const;

export function createRolloutMetrics(registry: Registry): RolloutMetrics {
  const watchPhases = createScrapedGauge(registry, {
    name: 'sailwright_proxy_rollouts',
    help: 'ProxyRollouts by phase; on the leader.',
    labelNames: ['phase'],
  });
  const watchWorkloads = createScrapedGauge(registry, {
    name: 'sailwright_proxy_rollout_workloads',
    help: 'Workloads of all ProxyRollouts by state, as of their last look; on the leader.',
    labelNames: ['state'],
  });
  return {
    watchRollouts: (list) => {
      watchPhases(() => {
        const phases = new Map<string, number>();
        for (const { phase = 'Waiting' } of list()) phases.set(phase, (phases.get(phase) ?? 0) + 1);
        return [...phases].map(([phase, value]) => ({ labels: { phase }, value }));
      });
      watchWorkloads(() => {
        const rollouts = list();
        if (rollouts.length === 0) return [];
        return STATES.map((state) => ({
          labels: { state },
          value: rollouts.reduce((sum, { counts }) => sum + (counts?.[state] ?? 0), 0),
        }));
      });
    },
  };
}
