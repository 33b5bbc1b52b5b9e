import { MIGRATION_STEPS, MUTUAL_TLS_MIGRATION } from '../../api/mtls/mutual-tls-migration.ts';
import { listSome } from '../../core/list-some.ts';
import { describeMigration } from '../../core/report/changes.ts';
import type { MigrationRow } from '../../core/report/mesh-report.ts';
import type { StagedKind } from '../staged/staged-kind.ts';
import type { StagedColumns } from '../staged/staged-text.ts';
import { statusRunner } from '../staged/staged-view.ts';
import { ABORT, APPROVE, PAUSE, RESUME, wordRunner } from '../staged/staged-words.ts';

/** MutualTLSMigrations as the commands see them. */
const MTLS_KIND: StagedKind<MigrationRow> = {
  describe: describeMigration,
  apiVersion: MUTUAL_TLS_MIGRATION.apiVersion,
  kind: MUTUAL_TLS_MIGRATION.kind,
  stepsOf: () => [...MIGRATION_STEPS],
  afterAbort: () => 'ends, and the mode is set back to that of before',
};

export const MTLS_COLUMNS: StagedColumns<MigrationRow> = {
  title: 'MUTUALTLSMIGRATION',
  step: 'STEP',
  command: 'sailwright mtls',
  more: [
    ['MODE', ({ mode }: MigrationRow): string => mode],
    ['POLICY', ({ policy }: MigrationRow): string => policy],
  ],
  notes: ({ report }) =>
    report.map(
      ({ reason, blocks, names, message }) =>
        `${blocks ? 'blocks STRICT' : 'stays'}: ${reason} (${listSome(names)}): ${message}`,
    ),
};

export const runMtlsStatus = statusRunner(MTLS_KIND, MTLS_COLUMNS);
export const runMtlsPause = wordRunner(MTLS_KIND, PAUSE);
export const runMtlsResume = wordRunner(MTLS_KIND, RESUME);
export const runMtlsApprove = wordRunner(MTLS_KIND, APPROVE);
export const runMtlsAbort = wordRunner(MTLS_KIND, ABORT);
