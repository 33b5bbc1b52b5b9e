import type {
  GateVerdict,
  PlannedStep,
  StepAct,
  StepCause,
  StepObservation,
  StepPhase,
  StepPlan,
  StepProgress,
  WaitReason,
} from './step-plan.ts';

/** The next act, and what has to be remembered before it is done. */
export interface StepDecision {
  progress: StepProgress;
  act: StepAct;
}

const ENDS: readonly StepPhase[] = ['Done', 'RolledBack', 'Aborted'];

/** Whether nothing more happens. */
export function isEnded({ phase }: Pick<StepProgress, 'phase'>): boolean {
  return ENDS.includes(phase);
}

/** Where every plan begins. */
export function beginSteps(now: number): StepProgress {
  return { phase: 'Waiting', step: 0, since: now };
}

/**
 * Decides the next act of a plan. Whoever calls stores the progress before acting; after a crash between the two the
 * same act comes again. At most one step is under way; the next begins only after all gates of the one before were seen
 * to hold, at the end of its soak.
 */
export function decideStep(plan: StepPlan, before: StepProgress, seen: StepObservation): StepDecision {
  if (isEnded(before)) return { progress: before, act: { kind: 'end' } };
  const isHeard = seen.resume !== undefined && seen.resume !== before.resumed;
  const progress = isHeard ? { ...before, resumed: seen.resume as string } : before;
  if (before.phase === 'RollingBack') return goBack(progress, seen);
  if (seen.isAborted) {
    return fail({ ...plan, onFailure: 'Rollback' }, progress, seen, { reason: 'Aborted', text: 'a person ended it' });
  }
  if (before.phase === 'Paused') return isHeard ? resume(plan, progress, seen) : { progress, act: { kind: 'pause' } };
  if (isLate(plan, progress, seen.now)) {
    const text = 'the deadline passed before the last step was done';
    return fail(plan, progress, seen, { reason: 'DeadlineExceeded', text });
  }
  return advance(plan, progress, seen);
}

/** The step that it was paused in is taken up again from its beginning, with a new time for doubts and soak. */
function resume(plan: StepPlan, { cause: _, ...rest }: StepProgress, seen: StepObservation): StepDecision {
  return advance(plan, enter(rest, 'Waiting', seen.now), seen);
}

function advance(plan: StepPlan, progress: StepProgress, seen: StepObservation): StepDecision {
  const step = plan.steps[progress.step];
  if (!step) return { progress: enter(progress, 'Done', seen.now), act: { kind: 'end' } };
  switch (progress.phase) {
    case 'Acting':
      return act(plan, progress, seen);
    case 'Soaking':
      return soak(plan, step, progress, seen);
    default:
      return begin(plan, step, progress, seen);
  }
}

/** A gate is asked before a step begins, too: between two steps a person may have taken days to approve. */
function begin(plan: StepPlan, step: PlannedStep, progress: StepProgress, seen: StepObservation): StepDecision {
  const doubtful = progress.startedAt === undefined ? undefined : judge(plan, progress, seen);
  if (doubtful) return doubtful;
  const sure = withoutDoubt(progress);
  if (seen.isSuspended) return wait(sure, 'Suspended', 'nothing is begun while spec.suspend is true');
  if (seen.isEmpty) return next(sure, seen.now);
  const hindrance = findHindrance(step, seen);
  if (hindrance) return { progress: sure, act: { kind: 'wait', ...hindrance } };
  const begun = { ...enter(sure, 'Acting', seen.now), startedAt: progress.startedAt ?? seen.now };
  return { progress: begun, act: { kind: 'do', step: progress.step } };
}

function findHindrance(
  { name, needsApproval }: PlannedStep,
  { approved, closedUntil, now, obstacle, gates }: StepObservation,
): { reason: WaitReason; text: string; until?: number } | undefined {
  if (needsApproval && !approved.includes(name)) {
    return { reason: 'ApprovalRequired', text: `step ${name} waits for a person` };
  }
  if (closedUntil !== undefined && closedUntil > now) {
    const until = Number.isFinite(closedUntil) ? { until: closedUntil } : {};
    return { reason: 'WindowClosed', text: `step ${name} waits for its window`, ...until };
  }
  if (obstacle !== undefined) return { reason: 'NotReady', text: obstacle };
  const open = gates.filter(({ result }) => result === 'bad' || result === 'unknown');
  return open.length > 0 ? { reason: 'NotReady', text: textOf(open) } : undefined;
}

/** While it is under way, a gate that does not hold ends it; one that cannot be judged keeps it from doing more. */
function act(plan: StepPlan, progress: StepProgress, seen: StepObservation): StepDecision {
  const doubtful = judge(plan, progress, seen);
  if (doubtful) return doubtful;
  const sure = withoutDoubt(progress);
  if (seen.isSuspended) return wait(sure, 'Suspended', 'nothing more is begun while spec.suspend is true');
  if (!seen.isReached) return { progress: sure, act: { kind: 'do', step: sure.step } };
  return advance(plan, enter(sure, 'Soaking', seen.now), seen);
}

function soak(plan: StepPlan, step: PlannedStep, progress: StepProgress, seen: StepObservation): StepDecision {
  // What was reached can be lost again: somebody changed it, or a pod came that is not as it should be.
  if (!seen.isReached) return advance(plan, enter(progress, 'Acting', seen.now), seen);
  const doubtful = judge(plan, progress, seen);
  if (doubtful) return doubtful;
  const sure = withoutDoubt(progress);
  const until = progress.since + step.soakMs;
  if (seen.now < until) return wait(sure, 'Soaking', `step ${step.name} is done; its gates are watched`, until);
  return next(sure, seen.now);
}

/** What follows from gates that are not all good; undefined where they are. */
function judge(plan: StepPlan, progress: StepProgress, seen: StepObservation): StepDecision | undefined {
  const bad = seen.gates.filter(({ result }) => result === 'bad');
  if (bad.length > 0) return fail(plan, progress, seen, { reason: 'GateFailed', text: textOf(bad) });
  const unknown = seen.gates.filter(({ result }) => result === 'unknown');
  if (unknown.length === 0) return undefined;
  const doubtSince = progress.doubtSince ?? seen.now;
  const until = doubtSince + plan.patienceMs;
  const doubting = { ...progress, doubtSince };
  if (seen.now < until) return wait(doubting, 'GateUnknown', textOf(unknown), until);
  // That nobody can tell is no reason to change anything, back included.
  return pause(doubting, seen.now, { reason: 'GateUnknown', text: textOf(unknown) });
}

function textOf(gates: readonly GateVerdict[]): string {
  return gates.map(({ name, text }) => `${name}: ${text}`).join('; ');
}

function fail(
  plan: StepPlan,
  progress: StepProgress,
  seen: StepObservation,
  cause: { reason: StepCause; text: string },
): StepDecision {
  if (plan.onFailure === 'Pause') return pause(progress, seen.now, cause);
  // Nothing was touched yet, or there is nothing to go back to: what a person ends, ends here.
  if (!plan.hasWayBack || progress.startedAt === undefined) {
    if (cause.reason !== 'Aborted') return pause(progress, seen.now, cause);
    return { progress: { ...enter(progress, 'Aborted', seen.now), cause }, act: { kind: 'end' } };
  }
  return { progress: { ...enter(progress, 'RollingBack', seen.now), cause }, act: { kind: 'rollBack' } };
}

function pause(progress: StepProgress, now: number, cause: { reason: StepCause; text: string }): StepDecision {
  return { progress: { ...enter(progress, 'Paused', now), cause }, act: { kind: 'pause' } };
}

function goBack(progress: StepProgress, seen: StepObservation): StepDecision {
  if (seen.isBack) return { progress: enter(progress, 'RolledBack', seen.now), act: { kind: 'end' } };
  if (seen.isSuspended) return wait(progress, 'Suspended', 'the way back waits while spec.suspend is true');
  return { progress, act: { kind: 'rollBack' } };
}

function next(progress: StepProgress, now: number): StepDecision {
  const moved = { ...enter(progress, 'Waiting', now), step: progress.step + 1 };
  return wait(moved, 'NextStep', 'the next step is looked at', now);
}

function wait(progress: StepProgress, reason: WaitReason, text: string, until?: number): StepDecision {
  return { progress, act: { kind: 'wait', reason, text, ...(until === undefined ? {} : { until }) } };
}

function enter(progress: StepProgress, phase: StepPhase, now: number): StepProgress {
  return { ...withoutDoubt(progress), phase, since: now };
}

function withoutDoubt({ doubtSince: _, ...rest }: StepProgress): StepProgress {
  return rest;
}

function isLate({ deadlineMs }: StepPlan, { startedAt }: StepProgress, now: number): boolean {
  return deadlineMs !== undefined && startedAt !== undefined && now - startedAt > deadlineMs;
}
