import { MUTUAL_TLS_MIGRATION, type MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import { MIGRATION_STEPS } from '../../core/mtls-migration/read-migration.ts';
import type { StagedKind } from '../staged/staged-kind.ts';
import type { StagedColumns } from '../staged/staged-text.ts';
import { statusRunner } from '../staged/staged-view.ts';
import { ABORT, APPROVE, PAUSE, RESUME, wordRunner } from '../staged/staged-words.ts';

/** MutualTLSMigrations as the commands see them. */
const MTLS_KIND: StagedKind = {
  apiVersion: MUTUAL_TLS_MIGRATION.apiVersion,
  kind: MUTUAL_TLS_MIGRATION.kind,
  stepsOf: () => [...MIGRATION_STEPS],
  afterAbort: 'the mode is set back to that of before',
};

export const MTLS_COLUMNS: StagedColumns = {
  title: 'MUTUALTLSMIGRATION',
  command: 'sailwright mtls',
  more: [
    ['MODE', (migration: KubeObject): string => statusOfMigration(migration).mode ?? ''],
    ['POLICY', (migration: KubeObject): string => statusOfMigration(migration).policy ?? ''],
    ['STEP', (migration: KubeObject): string => MIGRATION_STEPS[statusOfMigration(migration).step ?? 0] ?? ''],
  ],
  notes: (migration) =>
    (statusOfMigration(migration).report ?? []).map(
      ({ reason, blocks, names, message }) =>
        `${blocks ? 'blocks STRICT' : 'stays'}: ${reason} (${listSome(names)}): ${message}`,
    ),
};

export const runMtlsStatus = statusRunner(MTLS_KIND, MTLS_COLUMNS);
export const runMtlsPause = wordRunner(MTLS_KIND, PAUSE);
export const runMtlsResume = wordRunner(MTLS_KIND, RESUME);
export const runMtlsApprove = wordRunner(MTLS_KIND, APPROVE);
export const runMtlsAbort = wordRunner(MTLS_KIND, ABORT);

function statusOfMigration({ status }: KubeObject): MutualTlsMigrationStatus {
  return status ?? {};
}
