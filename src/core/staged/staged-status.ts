import type { StatusCondition } from '../../api/status-condition.ts';
import type { StagedStatus } from '../../api/staged/staged-status.ts';
import { boundText } from '../status/bound-text.ts';
import {
  STEP_PHASES,
  type GateVerdict,
  type StepAct,
  type StepCause,
  type StepPhase,
  type StepProgress,
} from '../steps/step-plan.ts';

/** So long are texts at the most. */
export const MAX_TEXT = 1024;

/** What is remembered in a status; undefined where nothing was begun. */
export function progressOf(status: StagedStatus): StepProgress | undefined {
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

/** What a look came to, in a sentence. */
export interface Summary {
  state: 'done' | 'going' | 'stalled';
  reason: string;
  message: string;
}

/** A look of which the status tells. */
export interface StagedLook {
  progress: StepProgress;
  act: StepAct;
  steps: number;
  gates: readonly GateVerdict[];
  summary: Summary;
}

/** When, and of which spec. */
export interface Moment {
  generation: number;
  now: number;
}

/** The part of the status that all changes by steps share. A look that finds the same gives the same. */
export function computeStagedStatus(
  look: StagedLook,
  previous: StagedStatus,
  moment: Moment,
): StagedStatus & { steps: number } {
  const { progress, act, steps, gates, summary } = look;
  const { phase, step, since, startedAt, doubtSince, resumed, cause } = progress;
  const nextAt = act.kind === 'wait' && act.until !== undefined && act.until > moment.now ? act.until : undefined;
  return {
    observedGeneration: moment.generation,
    phase,
    message: boundText(summary.message, MAX_TEXT),
    step,
    steps,
    since: timeText(since),
    ...(startedAt === undefined ? {} : { startedAt: timeText(startedAt) }),
    ...(doubtSince === undefined ? {} : { doubtSince: timeText(doubtSince) }),
    ...(nextAt === undefined ? {} : { nextAt: timeText(nextAt) }),
    ...(resumed === undefined ? {} : { resumed }),
    ...(cause ? { cause: { reason: cause.reason, message: boundText(cause.text, MAX_TEXT) } } : {}),
    gates: gates.map(({ name, result, text }) => ({ name, result, message: boundText(text, MAX_TEXT) })),
    conditions: conditionsOf(summary, previous.conditions ?? [], moment),
  };
}

/** The status of a change whose spec cannot be read; what was begun stays remembered. */
export function computeInvalidStatus<S extends StagedStatus>(message: string, previous: S, moment: Moment): S {
  const summary: Summary = { state: 'stalled', reason: 'InvalidSpec', message };
  // The phase says where it stood: once the spec is mended it goes on from there.
  const phase = previous.startedAt === undefined ? 'Invalid' : (previous.phase ?? 'Invalid');
  return {
    ...previous,
    observedGeneration: moment.generation,
    phase,
    message: boundText(message, MAX_TEXT),
    conditions: conditionsOf(summary, previous.conditions ?? [], moment),
  };
}

type Status = StatusCondition['status'];
const CONDITIONS: Readonly<Record<Summary['state'], readonly [ready: Status, reconciling: Status, stalled: Status]>> = {
  done: ['True', 'False', 'False'],
  going: ['Unknown', 'True', 'False'],
  stalled: ['False', 'False', 'True'],
};

function conditionsOf(
  { state, reason, message }: Summary,
  before: readonly StatusCondition[],
  { generation, now }: Moment,
): StatusCondition[] {
  return (['Ready', 'Reconciling', 'Stalled'] as const).map((type, index) => {
    const status = CONDITIONS[state][index] ?? 'Unknown';
    const known = before.find((condition) => condition.type === type);
    const lastTransitionTime = known?.status === status ? known.lastTransitionTime : timeText(now);
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
