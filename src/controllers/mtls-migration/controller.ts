import { MUTUAL_TLS_MIGRATION, type MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import { StagedController, type StagedControllerOptions } from '../staged/staged-controller.ts';
import type { MigrationDependencies } from './migration-pass.ts';
import { reconcileMigration } from './reconcile.ts';

export type MutualTlsMigrationControllerOptions = MigrationDependencies &
  Pick<StagedControllerOptions, 'informers' | 'log' | 'metrics'>;

/** Carries out MutualTLSMigrations, while this replica leads. */
export class MutualTlsMigrationController extends StagedController<MutualTlsMigrationStatus> {
  constructor(options: MutualTlsMigrationControllerOptions) {
    const { apiVersion, kind } = MUTUAL_TLS_MIGRATION;
    super({
      ...options,
      name: 'mutual-tls-migrations',
      kind: { apiVersion, kind },
      look: (migration) => reconcileMigration({ deps: options, migration }),
    });
  }
}
