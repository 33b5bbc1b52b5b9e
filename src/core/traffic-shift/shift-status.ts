import type { ShiftConditionReason } from '../../api/shift/reasons.ts';
import type { TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import { computeStagedStatus, type Moment, type Summary } from '../staged/staged-status.ts';
import { summarize, type Obstacle } from '../staged/summarize.ts';
import type { GateVerdict, StepAct, StepProgress } from '../steps/step-plan.ts';
import type { WeightsView } from './judge-weights.ts';
import { pairText, shareOf, type WeightPair } from './weights.ts';

/** What a look at a shift came to. */
export interface ShiftLook {
  progress: StepProgress;
  act: StepAct;
  weights: readonly number[];
  gates: readonly GateVerdict[];
  /** Undefined where the route cannot be found. */
  view: WeightsView | undefined;
  obstacle: Obstacle<ShiftConditionReason> | undefined;
}

/** The whole status after a look. A look that finds the same gives the same. */
export function computeShiftStatus(look: ShiftLook, previous: TrafficShiftStatus, moment: Moment): TrafficShiftStatus {
  const { progress, weights, view } = look;
  const staged = computeStagedStatus(
    { ...look, steps: weights.length, summary: summarizeShift(look) },
    previous,
    moment,
  );
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

function summarizeShift(look: ShiftLook): Summary {
  const { progress, weights, view } = look;
  const cause = progress.cause?.text ?? '';
  const weight = weights[Math.min(progress.step, weights.length - 1)] ?? 0;
  return summarize(look, {
    Done: `the new destination gets ${weight} %; write these weights where the route comes from`,
    RolledBack: `the weights are ${view ? pairText(view.live) : 'unknown'} again: ${cause}`,
    Aborted: `${cause} before its first step`,
    Paused: `at ${weight} %: ${cause}`,
    RollingBack: `the weights are set back: ${cause}`,
    doing: `the new destination is to get ${weight} %`,
  });
}
