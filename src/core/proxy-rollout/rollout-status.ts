import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { RolloutConditionReason } from '../../api/rollout/reasons.ts';
import { objectKey, type ObjectRef } from '../kube-object.ts';
import { boundText } from '../status/bound-text.ts';
import type { GateVerdict, StepAct, StepCause, StepPhase, StepProgress } from '../steps/step-plan.ts';
import { STEP_PHASES } from '../steps/step-plan.ts';
import type { Way } from './stamp.ts';
import { isUnderWay } from './waves.ts';
import type { WorkloadState } from './workload-state.ts';

const MAX_BLOCKED = 10;
const MAX_TEXT = 1024;

/** What is remembered in a status; undefined where nothing was begun. */
export function progressOf(status: ProxyRolloutStatus): StepProgress | undefined {
  const { phase, step, since, startedAt, doubtSince, resumed, cause } = status;
  if (!STEP_PHASES.includes(phase as StepPhase) || step === undefined || since === undefined) return undefined;
  return {
    phase: phase as StepPhase,
    step,
    since: Date.parse(since),
    ...(startedAt === undefined ? {} : { startedAt: Date.parse(startedAt) }),
    ...(doubtSince === undefined ? {} : { doubtSince: Date.parse(doubtSince) }),
    ...(resumed === undefined ? {} : { resumed }),
    ...(cause ? { cause: { reason: cause.reason as StepCause, text: cause.message } } : {}),
  };
}

/** Keys of the workloads that a status says are under way, or chosen to be next. */
export function chosenOf({ underWay = [] }: ProxyRolloutStatus): Set<string> {
  return new Set(underWay.map((ref) => objectKey({ apiVersion: 'apps/v1', ...ref })));
}

/** What a look at a rollout came to. */
export interface RolloutLook {
  progress: StepProgress;
  act: StepAct;
  /** Names of the waves. */
  waves: readonly string[];
  way: Way;
  states: readonly WorkloadState[];
  /** Workloads that are under way, and those that were chosen to be next. */
  chosen: readonly ObjectRef[];
  gates: readonly GateVerdict[];
  /** What of the wave is waited for. */
  waiting: string;
  target: ProxyRolloutStatus['target'];
}

/** The whole status after a look. A look that finds the same gives the same. */
export function computeRolloutStatus(
  look: RolloutLook,
  previous: ProxyRolloutStatus,
  { generation, now }: { generation: number; now: number },
): ProxyRolloutStatus {
  const { progress, waves, target } = look;
  const { phase, step, since, startedAt, doubtSince, resumed, cause } = progress;
  const summary = summarize(look);
  const wave = waves[Math.min(step, waves.length - 1)];
  const nextAt =
    look.act.kind === 'wait' && look.act.until !== undefined && look.act.until > now ? look.act.until : undefined;
  return {
    observedGeneration: generation,
    phase,
    message: summary.message,
    ...(wave === undefined ? {} : { wave }),
    step,
    waves: waves.length,
    since: timeText(since),
    ...(startedAt === undefined ? {} : { startedAt: timeText(startedAt) }),
    ...(doubtSince === undefined ? {} : { doubtSince: timeText(doubtSince) }),
    ...(nextAt === undefined ? {} : { nextAt: timeText(nextAt) }),
    ...(resumed === undefined ? {} : { resumed }),
    ...(cause ? { cause: { reason: cause.reason, message: boundText(cause.text, MAX_TEXT) } } : {}),
    ...(target ? { target } : {}),
    counts: countStates(look),
    underWay: look.chosen.map(({ kind, namespace = '', name }) => ({ kind, namespace, name })),
    gates: look.gates.map(({ name, result, text }) => ({ name, result, message: boundText(text, MAX_TEXT) })),
    blocked: listBlocked(look.states),
    conditions: conditionsOf(summary, previous, { generation, now: timeText(now) }),
  };
}

/** The status of a rollout whose spec cannot be read; what was begun stays remembered. */
export function computeInvalidStatus(
  message: string,
  previous: ProxyRolloutStatus,
  { generation, now }: { generation: number; now: number },
): ProxyRolloutStatus {
  const summary: Summary = { state: 'stalled', reason: 'InvalidSpec', message };
  const conditions = conditionsOf(summary, previous, { generation, now: timeText(now) });
  // The phase says where it stood: once the spec is mended it goes on from there.
  const phase = previous.startedAt === undefined ? 'Invalid' : (previous.phase ?? 'Invalid');
  return { ...previous, observedGeneration: generation, phase, message: boundText(message, MAX_TEXT), conditions };
}

function countStates({ states, way }: RolloutLook): NonNullable<ProxyRolloutStatus['counts']> {
  const count = (test: (state: WorkloadState) => boolean): number => states.filter(test).length;
  return {
    workloads: states.length,
    current: count(({ stale, block }) => stale.length === 0 && block === undefined),
    stale: count(({ stale }) => stale.length > 0),
    underWay: count((state) => isUnderWay(state, way)),
    renewed: count((state) => state.stamp !== undefined && !isUnderWay(state, way)),
    blocked: count(({ block }) => block !== undefined),
  };
}

function listBlocked(states: readonly WorkloadState[]): NonNullable<ProxyRolloutStatus['blocked']> {
  return states
    .flatMap(({ ref: { kind, name }, namespace, block }) =>
      block ? [{ kind, namespace, name, reason: block.reason, message: boundText(block.message, MAX_TEXT) }] : [],
    )
    .slice(0, MAX_BLOCKED);
}

interface Summary {
  state: 'done' | 'going' | 'stalled';
  reason: RolloutConditionReason;
  message: string;
}

function summarize({ progress, act, waves, waiting }: RolloutLook): Summary {
  const wave = waves[progress.step] ?? '';
  const cause = progress.cause?.text ?? '';
  switch (progress.phase) {
    case 'Done':
      return { state: 'done', reason: 'Done', message: 'all waves are done' };
    case 'RolledBack':
      return { state: 'stalled', reason: 'RolledBack', message: `what was touched is as before: ${cause}` };
    case 'Aborted':
      return { state: 'stalled', reason: 'Aborted', message: `${cause}; what was renewed stays so` };
    case 'Paused':
      return { state: 'stalled', reason: 'Paused', message: `wave ${wave}: ${cause}` };
    default:
      return summarizeMoving({ progress, act, wave, waiting, cause });
  }
}

function summarizeMoving({
  progress,
  act,
  wave,
  waiting,
  cause,
}: Pick<RolloutLook, 'progress' | 'act' | 'waiting'> & { wave: string; cause: string }): Summary {
  if (act.kind === 'wait') {
    const known: readonly string[] = ['Suspended', 'ApprovalRequired'];
    const reason = known.includes(act.reason) ? (act.reason as RolloutConditionReason) : 'InProgress';
    return { state: 'going', reason, message: act.text };
  }
  const rest = waiting === '' ? '' : `: ${waiting}`;
  if (progress.phase === 'RollingBack') {
    return { state: 'going', reason: 'RollingBack', message: `${cause}; it goes back${rest}` };
  }
  return { state: 'going', reason: 'InProgress', message: `wave ${wave} is being renewed${rest}` };
}

type Status = 'True' | 'False' | 'Unknown';
const CONDITIONS: Readonly<Record<Summary['state'], readonly [ready: Status, reconciling: Status, stalled: Status]>> = {
  done: ['True', 'False', 'False'],
  going: ['Unknown', 'True', 'False'],
  stalled: ['False', 'False', 'True'],
};

function conditionsOf(
  { state, reason, message }: Summary,
  { conditions: before = [] }: ProxyRolloutStatus,
  { generation, now }: { generation: number; now: string },
): NonNullable<ProxyRolloutStatus['conditions']> {
  return (['Ready', 'Reconciling', 'Stalled'] as const).map((type, index) => {
    const status = CONDITIONS[state][index] ?? 'Unknown';
    const known = before.find((condition) => condition.type === type);
    const lastTransitionTime = known?.status === status ? known.lastTransitionTime : now;
    return {
      type,
      status,
      observedGeneration: generation,
      lastTransitionTime,
      reason,
      message: boundText(message, MAX_TEXT),
    };
  });
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
