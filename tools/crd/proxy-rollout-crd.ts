import { PROXY_ROLLOUT, proxyRolloutSpec, proxyRolloutStatus } from '../../src/api/rollout/proxy-rollout.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { ownDefinition } from './own-definition.ts';
import { computeStructuralSchema, type SchemaNode } from './structural-schema.ts';

const COLUMNS = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands.' },
  { name: 'Wave', type: 'string', jsonPath: '.status.wave', description: 'The present wave.' },
  { name: 'Stale', type: 'integer', jsonPath: '.status.counts.stale', description: 'Workloads with another proxy.' },
  { name: 'Renewed', type: 'integer', jsonPath: '.status.counts.renewed', description: 'Workloads that were renewed.' },
  { name: 'Blocked', type: 'integer', jsonPath: '.status.counts.blocked', description: 'Workloads that cannot be.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The definition of ProxyRollout. Throws when the schema would be refused by the API server. */
export function proxyRolloutDefinition(): CustomResourceDefinition {
  const { apiVersion, kind } = PROXY_ROLLOUT;
  const schema: SchemaNode = {
    description: 'Renews the proxies of workloads in waves with gates between them.',
    type: 'object',
    properties: {
      apiVersion: { type: 'string', description: `Always ${apiVersion}.` },
      kind: { type: 'string', description: `Always ${kind}.` },
      metadata: { type: 'object' },
      spec: {
        ...computeStructuralSchema(proxyRolloutSpec, 'closed'),
        description: 'What to renew, in which order, and how carefully.',
      },
      status: {
        ...computeStructuralSchema(proxyRolloutStatus, 'closed'),
        description: 'What the operator found and did.',
      },
    },
  };
  return ownDefinition({ ...PROXY_ROLLOUT, columns: COLUMNS, hasStatus: true }, schema);
}
