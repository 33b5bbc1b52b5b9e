import type { GateVerdict, StepProgress } from '../steps/step-plan.ts';
import { isSamePair, pairAt, pairText, shareOf, type WeightPair } from './weights.ts';
import type { ShiftedRoute } from './find-route.ts';
import type { ShiftPlan } from './read-shift.ts';
import type { WeightsOwner } from './weights-owner.ts';

/** A route as it is, and as it was before the first step. */
export interface WeightsView {
  plan: Pick<ShiftPlan, 'weights'>;
  route: ShiftedRoute;
  live: WeightPair;
  before: WeightPair;
  owner: WeightsOwner;
}

/** The weights of a step; of one that gives the new destination no more than it had before, and of none, the former. */
export function levelOf({ plan, route, before }: Omit<WeightsView, 'live' | 'owner'>, step: number): WeightPair {
  const weight = plan.weights[step];
  return weight === undefined || isPassedOver(shareOf(route, before), weight) ? before : pairAt(route, weight);
}

/** Whether a step has nothing to do: the new destination had as much already. */
export function isPassedOver(shareBefore: number, weight: number): boolean {
  return weight <= shareBefore;
}

/**
 * Whether the weights are those that this shift set, or may just be setting. Where somebody else set them nobody can tell
 * what was watched, and two writers would undo each other's work: nothing is written until they are back.
 */
export function judgeWeights(view: WeightsView, { phase, step }: Pick<StepProgress, 'phase' | 'step'>): GateVerdict {
  const { live, owner } = view;
  const levels = [...(phase === 'Soaking' ? [] : [levelOf(view, step - 1)]), levelOf(view, step)];
  const name = 'weights';
  if (owner.refusal !== undefined) return { name, result: 'unknown', text: owner.refusal };
  if (levels.some((level) => isSamePair(level, live))) return { name, result: 'good', text: pairText(live) };
  const wanted = [...new Set(levels.map(pairText))].join(' or ');
  const advice = owner.advice === undefined ? '' : `; ${owner.advice}`;
  const text = `${owner.manager ?? 'somebody'} set them to ${pairText(live)}, and the shift to ${wanted}: set them so, or end the shift${advice}`;
  return { name, result: 'unknown', text };
}

/** Whether the weights are as before, or as somebody else wants them: then they are left as they are. */
export function isBack(view: WeightsView): boolean {
  const { live, plan, before } = view;
  if (isSamePair(live, before)) return true;
  return !plan.weights.some((_, step) => isSamePair(levelOf(view, step), live));
}
