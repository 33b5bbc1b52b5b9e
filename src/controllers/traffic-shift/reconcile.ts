import { SHIFT_MANAGER } from '../../api/our-names.ts';
import type { ShiftEventReason } from '../../api/shift/reasons.ts';
import type { TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import { formatProblem } from '../../core/problem.ts';
import { saidOf } from '../../core/staged/said.ts';
import { computeInvalidStatus, progressOf } from '../../core/staged/staged-status.ts';
import { beginSteps, decideStep, isEnded, type StepDecision } from '../../core/steps/decide-step.ts';
import type { GateVerdict, StepObservation, StepProgress } from '../../core/steps/step-plan.ts';
import { findClosedUntil } from '../../core/steps/windows.ts';
import { isBack, isPassedOver, judgeWeights, levelOf } from '../../core/traffic-shift/judge-weights.ts';
import { readShift, type ShiftPlan } from '../../core/traffic-shift/read-shift.ts';
import { beforeOf, computeShiftStatus, type Obstacle } from '../../core/traffic-shift/shift-status.ts';
import { isSamePair, rulesWith, shareOf, type WeightPair } from '../../core/traffic-shift/weights.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { mayQuery } from '../staged/may-query.ts';
import { measureGates } from '../staged/measure-gates.ts';
import { requeueAfter } from '../staged/requeue.ts';
import { tellTransition, type PhaseNotes } from '../staged/tell-transition.ts';
import { writeStatus } from '../staged/write-status.ts';
import { findObstacle, lookAtRoute, routeRefOf, type SeenRoute } from './look-at-route.ts';
import { lookAtWorkload } from './look-at-workload.ts';
import type { ShiftPass } from './shift-pass.ts';

const NOTES: PhaseNotes & Readonly<Record<string, { reason: ShiftEventReason }>> = {
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
  obstacle: Obstacle | undefined;
}

/** One look at a shift: what is remembered is stored before anything is done. Rejects with ApiError. */
export async function reconcileShift(pass: ShiftPass): Promise<PassEnd> {
  const { deps, shift } = pass;
  const now = deps.now();
  const moment = { generation: Number(shift.metadata['generation'] ?? 0), now };
  const status: TrafficShiftStatus = shift['status'] ?? {};
  const progress = progressOf(status) ?? beginSteps(now);
  if (isEnded(progress)) {
    await store(pass, { ...status, observedGeneration: moment.generation });
    return {};
  }
  const { namespace = '' } = shift.metadata;
  const read = readShift(shift['spec'], { namespace, mayQuery: await mayQuery(deps, namespace) });
  if (!read.ok) {
    const message = read.problems.map(formatProblem).join('; ');
    await store(pass, computeInvalidStatus(message, status, moment));
    return {};
  }
  const seen = await look(pass, read.plan, progress);
  const decision = decideStep(read.plan.steps, progress, observe(pass, seen, progress));
  const { weights } = read.plan;
  const view = 'view' in seen.route ? seen.route.view : undefined;
  await store(pass, computeShiftStatus({ ...decision, ...seen, weights, view }, status, moment));
  await carryOut(pass, seen, decision);
  return requeueAfter(decision, now);
}

async function store({ deps, shift }: ShiftPass, next: TrafficShiftStatus): Promise<void> {
  const before: TrafficShiftStatus = shift['status'] ?? {};
  await writeStatus(deps.api, shift, { status: next, fieldManager: SHIFT_MANAGER });
  tellTransition(deps.events, shift, { notes: NOTES, before, after: next, action: 'Shift' });
}

async function look(pass: ShiftPass, plan: ShiftPlan, progress: StepProgress): Promise<Seen> {
  const { deps, shift } = pass;
  const hasBegun = progress.startedAt !== undefined;
  const remembered = hasBegun ? beforeOf(shift['status'] ?? {}) : undefined;
  const route = await lookAtRoute(pass, plan, remembered);
  const obstacle = hasBegun ? undefined : await findObstacle(pass, plan, route);
  if (progress.phase === 'RollingBack') return { plan, route, gates: [], obstacle };
  const gates = [
    judgeRoute(route, progress),
    ...(plan.workload === undefined ? [] : [await lookAtWorkload(pass, plan.workload)]),
    ...(await measureGates(deps.prometheus, plan.gates, progress.startedAt)),
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
  const now = deps.now();
  const closedUntil = findClosedUntil(plan.windows, now);
  const view = 'view' in route ? route.view : undefined;
  const isSure = gates.every(({ name, result }) => name !== 'weights' || result === 'good');
  return {
    now,
    // Where somebody else set the weights, the gate says so: setting them again would be a quarrel.
    isReached: !isSure || (view !== undefined && isSamePair(view.live, levelOf(view, step))),
    isEmpty: view !== undefined && isPassedOver(shareOf(view.route, view.before), plan.weights[step] ?? 0),
    gates,
    ...(obstacle ? { obstacle: obstacle.text } : {}),
    ...(closedUntil === undefined ? {} : { closedUntil }),
    isSuspended: plan.isSuspended,
    ...saidOf(shift),
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
