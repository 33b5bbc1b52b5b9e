import type { KubeObject } from '../../core/kube-object.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { StagedDependencies } from '../staged/reconcile-staged.ts';

/** What a migration needs to know and to act. */
export interface MigrationDependencies extends StagedDependencies {
  api: Pick<KubeApi, 'get' | 'list' | 'create' | 'patch' | 'replace' | 'delete'>;
}

/** A migration at one look. */
export interface MigrationPass {
  deps: MigrationDependencies;
  migration: KubeObject;
}
