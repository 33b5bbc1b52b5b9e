import { MIGRATION_MANAGER } from '../../api/our-names.ts';
import { kindRefOf, KIND } from '../../core/analyze/kinds.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { FoundPolicy } from '../../core/mtls-migration/find-policy.ts';
import type { SetMode } from '../../core/mtls-migration/modes.ts';
import type { MigrationScope } from '../../core/mtls-migration/read-migration.ts';
import type { MigrationDependencies } from './migration-pass.ts';

/** Where a mode is set. */
export interface ModePlace {
  namespace: string;
  scope: MigrationScope;
  policy: FoundPolicy;
}

/**
 * Sets the mode of a policy, or makes the policy. `existed`: whether it was there before the first step; one that was
 * not is taken away where it is to say nothing again. Rejects with ApiError.
 */
export async function setMode(
  api: MigrationDependencies['api'],
  { namespace, scope, policy }: ModePlace,
  { mode, existed }: { mode: SetMode; existed: boolean },
): Promise<void> {
  const ref = { ...kindRefOf(KIND.peerAuthentication), namespace, name: policy.name };
  const { live } = policy;
  if (!live) {
    if (mode !== 'UNSET') await api.create(newPolicy(ref, scope, mode));
    return;
  }
  // Who changed it since it was read may have changed what was decided by.
  const resourceVersion = String(live.metadata['resourceVersion']);
  if (mode === 'UNSET' && !existed) {
    await api.delete(ref, { resourceVersion });
    return;
  }
  const patch = { metadata: { resourceVersion }, spec: { mtls: mode === 'UNSET' ? null : { mode } } };
  await api.patch(ref, patch, { type: 'merge', fieldManager: MIGRATION_MANAGER });
}

function newPolicy(
  { apiVersion, kind, namespace, name }: { apiVersion: string; kind: string; namespace: string; name: string },
  scope: MigrationScope,
  mode: SetMode,
): KubeObject {
  const selector = scope.kind === 'workload' ? { selector: { matchLabels: scope.labels } } : {};
  return { apiVersion, kind, metadata: { name, namespace }, spec: { ...selector, mtls: { mode } } };
}
