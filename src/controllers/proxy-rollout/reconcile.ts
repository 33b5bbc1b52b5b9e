import { describeWaiting } from '../../core/proxy-rollout/built-in-gates.ts';
import { formatProblem } from '../../core/problem.ts';
import { readRollout } from '../../core/proxy-rollout/read-rollout.ts';
import {
  chosenOf,
  computeInvalidStatus,
  computeRolloutStatus,
  progressOf,
  type RolloutLook,
} from '../../core/proxy-rollout/rollout-status.ts';
import { chooseWork, isDone, type WaveWork } from '../../core/proxy-rollout/waves.ts';
import { beginSteps, decideStep, isEnded, type StepDecision } from '../../core/steps/decide-step.ts';
import type { StepPlan, WaitReason } from '../../core/steps/step-plan.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { surroundingsOf } from './fetch-workloads.ts';
import { inWave, lookAtRollout, observe, type Seen } from './look-at-rollout.ts';
import { moveTagBack } from './move-tag-back.ts';
import { renew, type Renewal } from './renew.ts';
import type { RolloutPass } from './rollout-pass.ts';
import { tellTransition } from './transitions.ts';
import { writeRolloutStatus } from './write-status.ts';

/** How soon a look follows where something is under way. */
const MOVING_MS = 1_000;
/** The same where time has to pass; a gate may fail in between. */
const WATCHING_MS = 5_000;
/** The same where a person, or a window, is waited for. */
const WAITING_MS = 60_000;
/** Looks at a large mesh take no more than half of the time. */
const REST_PER_LOOK = 1;

/** One look at a rollout: what is remembered is stored before anything is done. Rejects with ApiError. */
export async function reconcileRollout(pass: RolloutPass): Promise<PassEnd> {
  const { deps, rollout, status } = pass;
  const now = deps.now();
  const generation = Number(rollout.metadata['generation'] ?? 0);
  const progress = progressOf(status) ?? beginSteps(now);
  if (isEnded(progress)) {
    if (status.observedGeneration !== generation)
      await writeRolloutStatus(pass, { ...status, observedGeneration: generation });
    return {};
  }
  const { namespace = '' } = rollout.metadata;
  const mayReachOut = (await deps.policy.judgeNamespace(namespace)) === undefined;
  const read = readRollout(rollout['spec'], { mayReachOut });
  if (!read.ok) {
    const message = read.problems.map(formatProblem).join('; ');
    await writeRolloutStatus(pass, computeInvalidStatus(message, status, { generation, now }));
    tellTransition(pass, { phase: 'Invalid', message });
    return {};
  }
  const seen = await lookAtRollout(pass, read.plan, progress);
  const decision = decideStep(stepsOf(seen), progress, observe(pass, seen, progress));
  const work = chooseFor(seen, decision, chosenOf(status));
  const next = computeRolloutStatus(describe(pass, seen, { decision, work }), status, { generation, now });
  await writeRolloutStatus(pass, next);
  tellTransition(pass, { phase: next.phase ?? '', message: next.message ?? '' });
  await carryOut(pass, seen, { decision, work });
  return requeue(decision, { now, lookMs: deps.now() - now });
}

/** A tag that has led nowhere else has no way back. */
function stepsOf({ plan, target }: Seen): StepPlan {
  return { ...plan.steps, hasWayBack: plan.steps.hasWayBack && target?.previous !== undefined };
}

/** What is to be done, and what of it to begin with. */
interface Intent {
  decision: StepDecision;
  work: WaveWork;
}

/** The choice is in the status before anything of it is begun: whoever leads next chooses no more than is left. */
function chooseFor(seen: Seen, { act, progress }: StepDecision, chosen: ReadonlySet<string>): WaveWork {
  const { plan, way, states } = seen;
  if (way === 'back') {
    const maxParallel = Math.min(...plan.waves.map((wave) => wave.maxParallel));
    return chooseWork(states, { way, chosen, maxParallel: act.kind === 'rollBack' ? maxParallel : 0 });
  }
  const { maxParallel = 0 } = plan.waves[progress.step] ?? {};
  return chooseWork(inWave(seen, progress.step), { way, chosen, maxParallel: act.kind === 'do' ? maxParallel : 0 });
}

function describe({ refused }: RolloutPass, seen: Seen, { decision, work }: Intent): RolloutLook {
  const { plan, states, way } = seen;
  const current = way === 'back' ? states : inWave(seen, decision.progress.step);
  const waiting = describeWaiting(current.filter((state) => !isDone(state, way)));
  return {
    ...decision,
    ...seen,
    waves: plan.waves.map(({ name }) => name),
    chosen: isEnded(decision.progress) ? [] : [...work.underWay, ...work.begin].map(({ ref }) => ref),
    waiting: way === 'back' && refused.ofTag !== undefined ? refused.ofTag : waiting,
  };
}

async function carryOut(pass: RolloutPass, seen: Seen, { decision: { act }, work }: Intent): Promise<void> {
  const { deps, rollout, refused } = pass;
  if (act.kind !== 'do' && act.kind !== 'rollBack') return;
  const isTagBack = act.kind === 'rollBack' && !(await isTagHeld(pass, seen));
  // What is stale by the way forward is not what is stale by the way back.
  if (act.kind === 'rollBack' && !(isTagBack && seen.way === 'back')) return;
  const stamp = { rollout: String(rollout.metadata['uid']), way: seen.way };
  const renewal: Renewal = { deps, rollout, stamp, surroundings: surroundingsOf(deps, seen.webhooks) };
  refused.note(await renew(renewal, work), deps.now());
}

/** Moves the tag back; true as long as it does not lead there. What is in the way is told once. */
async function isTagHeld({ deps, rollout, refused }: RolloutPass, { target, configurations }: Seen): Promise<boolean> {
  const obstacle = target && (await moveTagBack(deps, target, configurations));
  if (obstacle !== undefined && obstacle !== refused.ofTag) {
    deps.events.record(rollout, { type: 'Warning', reason: 'RollingBack', message: obstacle, action: 'MoveTag' });
  }
  refused.ofTag = obstacle;
  return obstacle !== undefined;
}

/** Where only a person, or the time, can change what is waited for, looks are rare. */
const SLOW_WAITS: ReadonlySet<WaitReason> = new Set(['Suspended', 'ApprovalRequired', 'WindowClosed']);

function requeue({ act }: StepDecision, { now, lookMs }: { now: number; lookMs: number }): PassEnd {
  switch (act.kind) {
    case 'do':
    case 'rollBack':
      return { requeueAfterMs: Math.max(MOVING_MS, REST_PER_LOOK * lookMs), isPending: true };
    case 'wait': {
      const limit = SLOW_WAITS.has(act.reason) ? WAITING_MS : Math.max(WATCHING_MS, REST_PER_LOOK * lookMs);
      return { requeueAfterMs: Math.max(0, Math.min((act.until ?? Infinity) - now, limit)), isPending: true };
    }
    case 'pause':
    case 'end':
      return {};
  }
}
