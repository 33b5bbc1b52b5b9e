import { PROXY_ROLLOUT, proxyRolloutSpec, proxyRolloutStatus } from '../../src/api/rollout/proxy-rollout.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { stagedDefinition } from './staged-definition.ts';

const COLUMNS = [
  { name: 'Wave', type: 'string', jsonPath: '.status.wave', description: 'The present wave.' },
  { name: 'Stale', type: 'integer', jsonPath: '.status.counts.stale', description: 'Workloads with another proxy.' },
  { name: 'Renewed', type: 'integer', jsonPath: '.status.counts.renewed', description: 'Workloads that were renewed.' },
  { name: 'Blocked', type: 'integer', jsonPath: '.status.counts.blocked', description: 'Workloads that cannot be.' },
];

/** The definition of ProxyRollout. Throws when the schema would be refused by the API server. */
export function proxyRolloutDefinition(): CustomResourceDefinition {
  return stagedDefinition({
    kind: PROXY_ROLLOUT,
    columns: COLUMNS,
    description: 'Renews the proxies of workloads in waves with gates between them.',
    spec: proxyRolloutSpec,
    specDescription: 'What to renew, in which order, and how carefully.',
    status: proxyRolloutStatus,
  });
}
