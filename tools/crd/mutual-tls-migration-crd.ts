import {
  MUTUAL_TLS_MIGRATION,
  mutualTlsMigrationSpec,
  mutualTlsMigrationStatus,
} from '../../src/api/mtls/mutual-tls-migration.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { stagedDefinition } from './staged-definition.ts';

const COLUMNS = [
  { name: 'Mode', type: 'string', jsonPath: '.status.mode', description: 'What the policy says now.' },
  { name: 'Policy', type: 'string', jsonPath: '.status.policy', description: 'The PeerAuthentication that says it.' },
  { name: 'Message', type: 'string', jsonPath: '.status.message', description: 'What is done or waited for.' },
];

/** The definition of MutualTLSMigration. Throws when the schema would be refused by the API server. */
export function mutualTlsMigrationDefinition(): CustomResourceDefinition {
  return stagedDefinition({
    kind: MUTUAL_TLS_MIGRATION,
    columns: COLUMNS,
    description: 'Makes mutual TLS STRICT after it is known whom that would cut off.',
    spec: mutualTlsMigrationSpec,
    specDescription: 'What becomes STRICT, and how carefully.',
    status: mutualTlsMigrationStatus,
  });
}
