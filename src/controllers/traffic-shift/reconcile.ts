import { SHIFT_MANAGER } from '../../api/our-names.ts';
import type { ShiftConditionReason, ShiftEventReason } from '../../api/shift/reasons.ts';
import type { TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import { observeAsked } from '../../core/staged/observe-asked.ts';
import type { Obstacle } from '../../core/staged/summarize.ts';
import type { StepDecision } from '../../core/steps/decide-step.ts';
import type { GateVerdict, StepObservation, StepProgress } from '../../core/steps/step-plan.ts';
import { isBack, isPassedOver, judgeWeights, levelOf } from '../../core/traffic-shift/judge-weights.ts';
import { readShift, type ShiftPlan } from '../../core/traffic-shift/read-shift.ts';
import { beforeOf, computeShiftStatus } from '../../core/traffic-shift/shift-status.ts';
import { isSamePair, rulesWith, shareOf, type WeightPair } from '../../core/traffic-shift/weights.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { measureGates } from '../staged/measure-gates.ts';
import { reconcileStaged, type Standing } from '../staged/reconcile-staged.ts';
import type { PhaseNotes } from '../staged/tell-transition.ts';
import { findObstacle, lookAtRoute, routeRefOf, type SeenRoute } from './look-at-route.ts';
import { lookAtWorkload } from './look-at-workload.ts';
import type { ShiftPass } from './shift-pass.ts';

const NOTES: PhaseNotes<ShiftEventReason> = {
  Acting: { type: 'Normal', reason: 'StepStarted' },
  Soaking: { type: 'Normal', reason: 'StepReached' },
  Paused: { type: 'Warning', reason: 'ShiftPaused' },
  RollingBack: { type: 'Warning', reason: 'RollingBack' },
  Done: { type: 'Normal', reason: 'ShiftEnded' },
  RolledBack: { type: 'Warning', reason: 'ShiftEnded' },
  Aborted: { type: 'Warning', reason: 'ShiftEnded' },
  Invalid: { type: 'Warning', reason: 'ShiftInvalid' },
};

/** What was seen of the cluster. */
interface Seen {
  plan: ShiftPlan;
  route: SeenRoute;
  gates: readonly GateVerdict[];
  obstacle: Obstacle<ShiftConditionReason> | undefined;
}

/** One look at a shift. Rejects with ApiError. */
export function reconcileShift(pass: ShiftPass): Promise<PassEnd> {
  return reconcileStaged<TrafficShiftStatus, ShiftPlan>(pass.deps, pass.shift, {
    fieldManager: SHIFT_MANAGER,
    notes: NOTES,
    action: 'Shift',
    read: readShift,
    look: async (plan, { status, progress, moment }) => {
      const seen = await look(pass, plan, { status, progress });
      const view = 'view' in seen.route ? seen.route.view : undefined;
      const { weights } = plan;
      return {
        steps: plan.steps,
        observed: observe(pass, seen, progress),
        intend: (decision) => ({
          next: computeShiftStatus({ ...decision, ...seen, weights, view }, status, moment),
          carryOut: () => carryOut(pass, seen, decision),
        }),
      };
    },
  });
}

async function look(
  pass: ShiftPass,
  plan: ShiftPlan,
  { status, progress }: Pick<Standing<TrafficShiftStatus>, 'status' | 'progress'>,
): Promise<Seen> {
  const hasBegun = progress.startedAt !== undefined;
  const remembered = hasBegun ? beforeOf(status) : undefined;
  const route = await lookAtRoute(pass, plan, remembered);
  const obstacle = hasBegun ? undefined : await findObstacle(pass, plan, route);
  if (progress.phase === 'RollingBack') return { plan, route, gates: [], obstacle };
  const gates = [
    judgeRoute(route, progress),
    ...(plan.workload === undefined ? [] : [await lookAtWorkload(pass, plan.workload)]),
    ...(await measureGates(pass.deps.prometheus, plan.gates, progress.startedAt)),
  ];
  return { plan, route, gates, obstacle };
}

function judgeRoute(route: SeenRoute, progress: StepProgress): GateVerdict {
  if ('missing' in route) return { name: 'weights', result: 'unknown', text: route.missing };
  return judgeWeights(route.view, progress);
}

function observe(
  { deps, shift }: ShiftPass,
  { plan, route, gates, obstacle }: Seen,
  { step }: StepProgress,
): StepObservation {
  const view = 'view' in route ? route.view : undefined;
  const isSure = gates.every(({ name, result }) => name !== 'weights' || result === 'good');
  return {
    ...observeAsked(shift, plan, deps.now()),
    // Where somebody else set the weights, the gate says so: setting them again would be a quarrel.
    isReached: !isSure || (view !== undefined && isSamePair(view.live, levelOf(view, step))),
    isEmpty: view !== undefined && isPassedOver(shareOf(view.route, view.before), plan.weights[step] ?? 0),
    gates,
    ...(obstacle ? { obstacle: obstacle.text } : {}),
    isBack: view === undefined || isBack(view),
  };
}

async function carryOut(pass: ShiftPass, { plan, route }: Seen, { act }: StepDecision): Promise<void> {
  if (!('view' in route)) return;
  const { view } = route;
  if (act.kind === 'do') await setWeights(pass, plan, { route, pair: levelOf(view, act.step) });
  if (act.kind === 'rollBack' && !isBack(view)) await setWeights(pass, plan, { route, pair: view.before });
}

async function setWeights(
  { deps, shift }: ShiftPass,
  plan: ShiftPlan,
  { route: { object, view }, pair }: { route: Extract<SeenRoute, { view: unknown }>; pair: WeightPair },
): Promise<void> {
  if (isSamePair(view.live, pair)) return;
  // Who changed the route since it was read may have changed what was decided by.
  const { resourceVersion } = object.metadata;
  const patch = { metadata: { resourceVersion }, spec: rulesWith(view.route, pair) };
  const ref = routeRefOf(plan, shift.metadata.namespace ?? '');
  await deps.api.patch(ref, patch, { type: 'merge', fieldManager: SHIFT_MANAGER });
}
