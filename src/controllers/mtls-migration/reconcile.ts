import { MIGRATION_MANAGER } from '../../api/our-names.ts';
import type { MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import type { MigrationEventReason } from '../../api/mtls/reasons.ts';
import { judgeFindings, judgePods, describeFindings } from '../../core/mtls-migration/judge-pods.ts';
import { isBack, judgeMode, levelOf } from '../../core/mtls-migration/judge-mode.ts';
import {
  beforeOf,
  computeMigrationStatus,
  type MigrationObstacle,
} from '../../core/mtls-migration/migration-status.ts';
import { readMigration, STRICT_STEP, type MigrationPlan } from '../../core/mtls-migration/read-migration.ts';
import { formatProblem } from '../../core/problem.ts';
import { saidOf } from '../../core/staged/said.ts';
import { computeInvalidStatus, progressOf } from '../../core/staged/staged-status.ts';
import { beginSteps, decideStep, isEnded, type StepDecision } from '../../core/steps/decide-step.ts';
import type { GateVerdict, StepObservation, StepProgress } from '../../core/steps/step-plan.ts';
import { findClosedUntil } from '../../core/steps/windows.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { mayQuery } from '../staged/may-query.ts';
import { measureGates } from '../staged/measure-gates.ts';
import { requeueAfter } from '../staged/requeue.ts';
import { tellTransition, type PhaseNotes } from '../staged/tell-transition.ts';
import { writeStatus } from '../staged/write-status.ts';
import { lookAtScope, type SeenScope } from './look-at-scope.ts';
import type { MigrationPass } from './migration-pass.ts';
import { setMode } from './set-mode.ts';

const NOTES: PhaseNotes & Readonly<Record<string, { reason: MigrationEventReason }>> = {
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
  obstacle: MigrationObstacle | undefined;
}

/** One look at a migration: what is remembered is stored before anything is done. Rejects with ApiError. */
export async function reconcileMigration(pass: MigrationPass): Promise<PassEnd> {
  const { deps, migration } = pass;
  const now = deps.now();
  const moment = { generation: Number(migration.metadata['generation'] ?? 0), now };
  const status: MutualTlsMigrationStatus = migration['status'] ?? {};
  const progress = progressOf(status) ?? beginSteps(now);
  if (isEnded(progress)) {
    await store(pass, { ...status, observedGeneration: moment.generation });
    return {};
  }
  const { namespace = '' } = migration.metadata;
  const mayReachOut = (await deps.policy.judgeNamespace(namespace)) === undefined;
  const rights = { namespace, mayReachOut, mayQuery: await mayQuery(deps, namespace) };
  const read = readMigration(migration['spec'], rights);
  if (!read.ok) {
    const message = read.problems.map(formatProblem).join('; ');
    await store(pass, computeInvalidStatus(message, status, moment));
    return {};
  }
  const seen = await look(pass, read.plan, { progress, status });
  const decision = decideStep(read.plan.steps, progress, observe(pass, seen, progress));
  const isStrict = decision.act.kind === 'do' && decision.act.step === STRICT_STEP;
  const strictSince = strictSinceOf(status) ?? (isStrict ? now : undefined);
  const { view, policy, existed, report } = seen.scope;
  const told = policy && { name: policy.name, existed };
  const found = { ...decision, ...seen, view, policy: told, strictSince, report };
  await store(pass, computeMigrationStatus(found, status, moment));
  await carryOut(pass, seen, decision);
  return requeueAfter(decision, now);
}

async function store({ deps, migration }: MigrationPass, next: MutualTlsMigrationStatus): Promise<void> {
  const before: MutualTlsMigrationStatus = migration['status'] ?? {};
  await writeStatus(deps.api, migration, { status: next, fieldManager: MIGRATION_MANAGER });
  tellTransition(deps.events, migration, { notes: NOTES, before, after: next, action: 'Migrate' });
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
): MigrationObstacle | undefined {
  if (trouble && startedAt === undefined) return trouble;
  if (step !== STRICT_STEP) return undefined;
  if (failure !== undefined) return { reason: 'NotReady', text: `callers are not known: ${failure}` };
  const blocking = report.filter(({ blocks }) => blocks);
  if (blocking.length === 0) return undefined;
  return { reason: 'NotReady', text: `STRICT would cut off: ${describeFindings(blocking)}` };
}

function observe(
  { deps, migration }: MigrationPass,
  { plan, scope: { view }, gates, obstacle }: Seen,
  { step, startedAt }: StepProgress,
): StepObservation {
  const now = deps.now();
  const closedUntil = findClosedUntil(plan.windows, now);
  const isSure = gates.every(({ name, result }) => name !== 'mode' || result === 'good');
  return {
    now,
    // Where somebody else set the mode, the gate says so: setting it again would be a quarrel.
    isReached: !isSure || (view !== undefined && view.live === levelOf(view, step)),
    isEmpty: startedAt === undefined && view?.live === 'STRICT',
    gates,
    ...(obstacle ? { obstacle: obstacle.text } : {}),
    ...(closedUntil === undefined ? {} : { closedUntil }),
    isSuspended: plan.isSuspended,
    ...saidOf(migration),
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
