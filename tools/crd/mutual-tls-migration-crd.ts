import {
  MUTUAL_TLS_MIGRATION,
  mutualTlsMigrationSpec,
  mutualTlsMigrationStatus,
} from '../../src/api/mtls/mutual-tls-migration.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { ownDefinition } from './own-definition.ts';
import { computeStructuralSchema, type SchemaNode } from './structural-schema.ts';

const COLUMNS = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands.' },
  { name: 'Mode', type: 'string', jsonPath: '.status.mode', description: 'What the policy says now.' },
  { name: 'Policy', type: 'string', jsonPath: '.status.policy', description: 'The PeerAuthentication that says it.' },
  { name: 'Message', type: 'string', jsonPath: '.status.message', description: 'What is done or waited for.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The definition of MutualTLSMigration. Throws when the schema would be refused by the API server. */
export function mutualTlsMigrationDefinition(): CustomResourceDefinition {
  const { apiVersion, kind } = MUTUAL_TLS_MIGRATION;
  const schema: SchemaNode = {
    description: 'Makes mutual TLS STRICT after it is known whom that would cut off.',
    type: 'object',
    properties: {
      apiVersion: { type: 'string', description: `Always ${apiVersion}.` },
      kind: { type: 'string', description: `Always ${kind}.` },
      metadata: { type: 'object' },
      spec: {
        ...computeStructuralSchema(mutualTlsMigrationSpec, 'closed'),
        description: 'What becomes STRICT, and how carefully.',
      },
      status: {
        ...computeStructuralSchema(mutualTlsMigrationStatus, 'closed'),
        description: 'What the operator found and did.',
      },
    },
  };
  return ownDefinition({ ...MUTUAL_TLS_MIGRATION, columns: COLUMNS, hasStatus: true }, schema);
}
