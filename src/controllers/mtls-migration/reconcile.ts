import { MIGRATION_MANAGER } from '../../api/our-names.ts';
import type { MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import type { MigrationConditionReason, MigrationEventReason } from '../../api/mtls/reasons.ts';
import { judgeFindings, judgePods, describeFindings } from '../../core/mtls-migration/judge-pods.ts';
import { isBack, judgeMode, levelOf } from '../../core/mtls-migration/judge-mode.ts';
import { beforeOf, computeMigrationStatus, type MigrationLook } from '../../core/mtls-migration/migration-status.ts';
import { readMigration, STRICT_STEP, type MigrationPlan } from '../../core/mtls-migration/read-migration.ts';
import { observeAsked } from '../../core/staged/observe-asked.ts';
import type { Obstacle } from '../../core/staged/summarize.ts';
import type { StepDecision } from '../../core/steps/decide-step.ts';
import type { GateVerdict, StepObservation, StepProgress } from '../../core/steps/step-plan.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { measureGates } from '../staged/measure-gates.ts';
import { reconcileStaged } from '../staged/reconcile-staged.ts';
import type { PhaseNotes } from '../staged/tell-transition.ts';
import { lookAtScope, type SeenScope } from './look-at-scope.ts';
import type { MigrationPass } from './migration-pass.ts';
import { setMode } from './set-mode.ts';

const NOTES: PhaseNotes<MigrationEventReason> = {
  Acting: { type: 'Normal', reason: 'ModeChanging' },
  Soaking: { type: 'Normal', reason: 'ModeSet' },
  Paused: { type: 'Warning', reason: 'MigrationPaused' },
  RollingBack: { type: 'Warning', reason: 'RollingBack' },
  Done: { type: 'Normal', reason: 'MigrationEnded' },
  RolledBack: { type: 'Warning', reason: 'MigrationEnded' },
  Aborted: { type: 'Warning', reason: 'MigrationEnded' },
  Invalid: { type: 'Warning', reason: 'MigrationInvalid' },
};

/** What was seen, and what follows from it. */
interface Seen {
  plan: MigrationPlan;
  scope: SeenScope;
  gates: readonly GateVerdict[];
  obstacle: Obstacle<MigrationConditionReason> | undefined;
}

/** One look at a migration. Rejects with ApiError. */
export function reconcileMigration(pass: MigrationPass): Promise<PassEnd> {
  return reconcileStaged<MutualTlsMigrationStatus, MigrationPlan>(pass.deps, pass.migration, {
    fieldManager: MIGRATION_MANAGER,
    notes: NOTES,
    action: 'Migrate',
    read: readMigration,
    look: async (plan, { status, progress, moment }) => {
      const seen = await look(pass, plan, { progress, status });
      return {
        steps: plan.steps,
        observed: observe(pass, seen, progress),
        intend: (decision) => ({
          next: computeMigrationStatus(describe(seen, decision, { status, now: moment.now }), status, moment),
          carryOut: () => carryOut(pass, seen, decision),
        }),
      };
    },
  });
}

function describe(
  { scope, gates, obstacle }: Seen,
  { progress, act }: StepDecision,
  { status, now }: { status: MutualTlsMigrationStatus; now: number },
): MigrationLook {
  const { view, policy, existed, report } = scope;
  const isStrict = act.kind === 'do' && act.step === STRICT_STEP;
  const strictSince = strictSinceOf(status) ?? (isStrict ? now : undefined);
  return {
    progress,
    act,
    gates,
    obstacle,
    view,
    policy: policy && { name: policy.name, existed },
    strictSince,
    report,
  };
}

function strictSinceOf({ strictSince }: MutualTlsMigrationStatus): number | undefined {
  return strictSince === undefined ? undefined : Date.parse(strictSince);
}

async function look(
  pass: MigrationPass,
  plan: MigrationPlan,
  { progress, status }: { progress: StepProgress; status: MutualTlsMigrationStatus },
): Promise<Seen> {
  const { deps } = pass;
  const remembered = progress.startedAt === undefined ? undefined : beforeOf(status);
  const scope = await lookAtScope(pass, plan, remembered);
  const obstacle = findObstacle(scope, progress);
  if (progress.phase === 'RollingBack') return { plan, scope, gates: [], obstacle };
  const gates = [
    judgeScope(scope, progress),
    ...judgeStrict(scope, { progress, strictSince: strictSinceOf(status) }),
    ...(await measureGates(deps.prometheus, plan.gates, progress.startedAt)),
  ];
  return { plan, scope, gates, obstacle };
}

function judgeScope({ view, trouble }: SeenScope, progress: StepProgress): GateVerdict {
  if (trouble !== undefined || !view) return { name: 'mode', result: 'unknown', text: trouble?.text ?? '' };
  return judgeMode(view, progress);
}

/** Once plain text is refused, whoever comes with it is trouble. */
function judgeStrict(
  { pods, report, failure }: SeenScope,
  { progress: { step, phase }, strictSince }: { progress: StepProgress; strictSince: number | undefined },
): GateVerdict[] {
  const isStrict = step === STRICT_STEP && (phase === 'Acting' || phase === 'Soaking');
  if (!isStrict || strictSince === undefined) return [];
  const callers: GateVerdict[] = failure === undefined ? [] : [{ name: 'readiness', result: 'unknown', text: failure }];
  // What metrics counted before stays in their window for a while.
  const standing = report.filter(({ reason }) => reason !== 'PlaintextCallers');
  return [judgePods(pods, strictSince), judgeFindings(standing), ...callers];
}

/** Nothing is changed as long as another writes it, nor STRICT set as long as somebody would be cut off. */
function findObstacle(
  { trouble, report, failure }: SeenScope,
  { step, startedAt }: StepProgress,
): Obstacle<MigrationConditionReason> | undefined {
  if (trouble && startedAt === undefined) return trouble;
  if (step !== STRICT_STEP) return undefined;
  if (failure !== undefined) return notReady(`callers are not known: ${failure}`);
  const blocking = report.filter(({ blocks }) => blocks);
  if (blocking.length === 0) return undefined;
  return notReady(`STRICT would cut off: ${describeFindings(blocking)}`);
}

function notReady(text: string): Obstacle<MigrationConditionReason> {
  return { reason: 'NotReady', text };
}

function observe(
  { deps, migration }: MigrationPass,
  { plan, scope: { view }, gates, obstacle }: Seen,
  { step, startedAt }: StepProgress,
): StepObservation {
  const isSure = gates.every(({ name, result }) => name !== 'mode' || result === 'good');
  return {
    ...observeAsked(migration, plan, deps.now()),
    // Where somebody else set the mode, the gate says so: setting it again would be a quarrel.
    isReached: !isSure || (view !== undefined && view.live === levelOf(view, step)),
    isEmpty: startedAt === undefined && view?.live === 'STRICT',
    gates,
    ...(obstacle ? { obstacle: obstacle.text } : {}),
    isBack: view === undefined || isBack(view),
  };
}

async function carryOut(
  { deps, migration }: MigrationPass,
  { plan, scope }: Seen,
  { act }: StepDecision,
): Promise<void> {
  const { view, policy, existed } = scope;
  if (!view || !policy) return;
  const wanted =
    act.kind === 'do' ? levelOf(view, act.step) : act.kind === 'rollBack' && !isBack(view) ? view.before : view.live;
  if (wanted === view.live) return;
  const place = { namespace: migration.metadata.namespace ?? '', scope: plan.scope, policy };
  await setMode(deps.api, place, { mode: wanted, existed });
}
