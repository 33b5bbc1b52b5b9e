import type { ShiftConditionReason } from '../../api/shift/reasons.ts';
import type { TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import { computeStagedStatus, type Moment, type Summary } from '../staged/staged-status.ts';
import type { GateVerdict, StepAct, StepProgress } from '../steps/step-plan.ts';
import type { WeightsView } from './judge-weights.ts';
import { pairText, shareOf, type WeightPair } from './weights.ts';

/** What keeps a shift from its first step, in a word and a sentence. */
export interface Obstacle {
  reason: ShiftConditionReason;
  text: string;
}

/** What a look at a shift came to. */
export interface ShiftLook {
  progress: StepProgress;
  act: StepAct;
  weights: readonly number[];
  gates: readonly GateVerdict[];
  /** Undefined where the route cannot be found. */
  view: WeightsView | undefined;
  obstacle: Obstacle | undefined;
}

/** The whole status after a look. A look that finds the same gives the same. */
export function computeShiftStatus(look: ShiftLook, previous: TrafficShiftStatus, moment: Moment): TrafficShiftStatus {
  const { progress, weights, view } = look;
  const staged = computeStagedStatus({ ...look, steps: weights.length, summary: summarize(look) }, previous, moment);
  const target = weights[Math.min(progress.step, weights.length - 1)];
  const { before, owner } = view ? rememberedOf(view) : previous;
  return {
    ...staged,
    ...(view ? { weight: shareOf(view.route, view.live) } : {}),
    ...(target === undefined ? {} : { target }),
    ...(before ? { before } : {}),
    ...(owner ? { owner } : {}),
  };
}

/** The weights that a status remembers. */
export function beforeOf({ before }: TrafficShiftStatus): WeightPair | undefined {
  return before?.length === 2 ? [before[0]?.weight, before[1]?.weight] : undefined;
}

function rememberedOf({ route, before, owner }: WeightsView): Pick<TrafficShiftStatus, 'before' | 'owner'> {
  const { manager, since, advice } = owner;
  return {
    before: route.destinations.map(({ name }, index) => {
      const weight = before[index === 0 ? 0 : 1];
      return { destination: name, ...(weight === undefined ? {} : { weight }) };
    }),
    ...(manager === undefined
      ? {}
      : { owner: { manager, ...(since ? { since } : {}), ...(advice === undefined ? {} : { advice }) } }),
  };
}

type Told = Summary & { reason: ShiftConditionReason };

function summarize({ progress, act, weights, view, obstacle }: ShiftLook): Told {
  const cause = progress.cause?.text ?? '';
  const weight = weights[Math.min(progress.step, weights.length - 1)] ?? 0;
  const now = view ? pairText(view.live) : 'unknown';
  switch (progress.phase) {
    case 'Done':
      return {
        state: 'done',
        reason: 'Done',
        message: `the new destination gets ${weight} %; write these weights where the route comes from`,
      };
    case 'RolledBack':
      return { state: 'stalled', reason: 'RolledBack', message: `the weights are ${now} again: ${cause}` };
    case 'Aborted':
      return { state: 'stalled', reason: 'Aborted', message: `${cause} before its first step` };
    case 'Paused':
      return { state: 'stalled', reason: 'Paused', message: `at ${weight} %: ${cause}` };
    case 'RollingBack':
      return { state: 'going', reason: 'RollingBack', message: `the weights are set back: ${cause}` };
    default:
      return summarizeMoving(act, { weight, obstacle });
  }
}

function summarizeMoving(act: StepAct, { weight, obstacle }: { weight: number; obstacle: Obstacle | undefined }): Told {
  if (act.kind !== 'wait') {
    return { state: 'going', reason: 'InProgress', message: `the new destination is to get ${weight} %` };
  }
  switch (act.reason) {
    case 'Suspended':
    case 'ApprovalRequired':
      return { state: 'going', reason: act.reason, message: act.text };
    case 'NotReady':
      return obstacle
        ? { state: 'stalled', reason: obstacle.reason, message: obstacle.text }
        : { state: 'going', reason: 'InProgress', message: act.text };
    default:
      return { state: 'going', reason: 'InProgress', message: act.text };
  }
}
