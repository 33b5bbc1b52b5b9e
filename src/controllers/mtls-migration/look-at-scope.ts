import { MUTUAL_TLS_MIGRATION } from '../../api/mtls/mutual-tls-migration.ts';
import type { MigrationConditionReason } from '../../api/mtls/reasons.ts';
import { REVISION_LABEL } from '../../api/istio-names.ts';
import { KIND } from '../../core/analyze/kinds.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { hasLabels } from '../../core/label-selector.ts';
import { findPolicy, type FoundPolicy } from '../../core/mtls-migration/find-policy.ts';
import type { ModeView } from '../../core/mtls-migration/judge-mode.ts';
import type { beforeOf } from '../../core/mtls-migration/migration-status.ts';
import type { MigrationPlan, MigrationScope } from '../../core/mtls-migration/read-migration.ts';
import { reportReadiness, type ReadinessFinding } from '../../core/mtls-migration/readiness.ts';
import { ServerModes } from '../../core/mtls/server-mode.ts';
import { findFluxKeeper, lastOwnerOf } from '../../core/staged/field-owner.ts';
import type { Obstacle } from '../../core/staged/summarize.ts';
import { findRival } from '../staged/find-rival.ts';
import { findCallers } from './find-callers.ts';
import { lookAtMesh, type SeenMesh } from './look-at-mesh.ts';
import type { MigrationPass } from './migration-pass.ts';

/** What a migration is about, as it is. */
export interface SeenScope {
  /** Undefined where no policy can be told. */
  view: ModeView | undefined;
  policy: FoundPolicy | undefined;
  /** Whether the policy was there before the first step. */
  existed: boolean;
  /** What keeps the mode from being written at all. */
  trouble: Obstacle<MigrationConditionReason> | undefined;
  /** Pods of the scope. */
  pods: readonly KubeObject[];
  report: readonly ReadinessFinding[];
  /** Why callers could not be asked for. */
  failure: string | undefined;
}

/** Reads it. `remembered`: what the policy said before the first step; undefined as long as there was none. */
export async function lookAtScope(
  pass: MigrationPass,
  plan: MigrationPlan,
  remembered: ReturnType<typeof beforeOf>,
): Promise<SeenScope> {
  const { deps, migration } = pass;
  const { namespace = '', name } = migration.metadata;
  const { scope } = plan;
  const mesh = await lookAtMesh(deps.api, { namespace, scope }, deps.now());
  const seen = await findCallers(deps.prometheus, plan.callersQuery);
  const callers = 'failure' in seen ? [] : seen.callers;
  const report = reportReadiness({ world: mesh.world, namespace, scope, accepted: plan.accepted, callers });
  const labels = scope.kind === 'workload' ? scope.labels : {};
  const base = {
    pods: mesh.pods.filter(({ metadata }) => hasLabels(metadata.labels ?? {}, labels)),
    report,
    failure: 'failure' in seen ? seen.failure : undefined,
  };
  const found = findPolicy(mesh.policies, scope, name);
  if (!found.ok) {
    const trouble: Obstacle<MigrationConditionReason> = { reason: 'OwnedByOther', text: found.text };
    return { ...base, view: undefined, policy: undefined, existed: true, trouble };
  }
  const { policy } = found;
  const view: ModeView = {
    live: policy.mode,
    before: remembered?.mode ?? policy.mode,
    inherited: inheritedOf(mesh, { namespace, scope }),
    owner: policy.live && lastOwnerOf(policy.live, ['mtls']).manager,
  };
  const trouble = remembered === undefined ? await findTrouble(pass, { mesh, policy, scope }) : undefined;
  return { ...base, view, policy, existed: remembered?.existed ?? policy.live !== undefined, trouble };
}

/** What holds for the scope where its policy says nothing. */
function inheritedOf(
  { world, rootNamespace }: SeenMesh,
  { namespace, scope }: { namespace: string; scope: MigrationScope },
): ModeView['inherited'] {
  if (scope.kind === 'mesh') return 'PERMISSIVE';
  const revision = world.find(KIND.namespace, { namespace: '', name: namespace })?.labels[REVISION_LABEL];
  const modes = new ServerModes(world);
  return modes.ofNamespace(scope.kind === 'workload' ? namespace : rootNamespace, revision).mode;
}

async function findTrouble(
  { deps, migration }: MigrationPass,
  { mesh, policy, scope }: { mesh: SeenMesh; policy: FoundPolicy; scope: MigrationScope },
): Promise<Obstacle<MigrationConditionReason> | undefined> {
  const { namespace = '' } = migration.metadata;
  if (scope.kind === 'mesh' && namespace !== mesh.rootNamespace) {
    const text = `the root namespace of the mesh is ${mesh.rootNamespace}: make the migration there`;
    return { reason: 'OwnedByOther', text };
  }
  const keeper = policy.live && findFluxKeeper(policy.live);
  if (keeper !== undefined) return { reason: 'OwnedByOther', text: keeper };
  const rival = await findRival(deps.api, MUTUAL_TLS_MIGRATION, {
    resource: migration,
    isOfSame: (other) => scopeKey(other) === scopeKey(migration),
  });
  return rival === undefined
    ? undefined
    : { reason: 'OwnedByOther', text: `MutualTLSMigration ${rival} is for the same` };
}

function scopeKey({ spec }: KubeObject): string {
  const workload = isJsonObject(spec) && isJsonObject(spec['workload']) ? spec['workload'] : {};
  const labels = isJsonObject(workload['matchLabels']) ? Object.entries(workload['matchLabels']).sort() : [];
  return JSON.stringify(labels);
}
