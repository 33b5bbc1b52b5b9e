import { ABORT_ANNOTATION, APPROVE_ANNOTATION, RESUME_ANNOTATION } from '../../api/our-names.ts';
import { injectionWebhooksOf, type PodWebhook } from '../../core/inject/injection-webhooks.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { describeWaiting, judgeRenewed } from '../../core/proxy-rollout/built-in-gates.ts';
import { formatProblem } from '../../core/problem.ts';
import { readRollout, type RolloutPlan } from '../../core/proxy-rollout/read-rollout.ts';
import { computeInvalidStatus, computeRolloutStatus, progressOf } from '../../core/proxy-rollout/rollout-status.ts';
import type { Way } from '../../core/proxy-rollout/stamp.ts';
import { chooseWork, isDone, waveOf } from '../../core/proxy-rollout/waves.ts';
import { computeWorkloadState, type WorkloadState } from '../../core/proxy-rollout/workload-state.ts';
import { beginSteps, decideStep, isEnded, type StepDecision } from '../../core/steps/decide-step.ts';
import type { GateVerdict, StepObservation, StepProgress } from '../../core/steps/step-plan.ts';
import { findClosedUntil } from '../../core/steps/windows.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { fetchWorkloads, surroundingsOf } from './fetch-workloads.ts';
import { findTag, moveTagBack, type RememberedTag } from './move-tag-back.ts';
import { renew, type Renewal } from './renew.ts';
import type { RolloutPass } from './rollout-pass.ts';
import { judgeControlPlanes, judgeTag } from './surrounding-gates.ts';
import { tellTransition } from './transitions.ts';
import { writeRolloutStatus } from './write-status.ts';

/** How soon a look follows where something is under way. */
const MOVING_MS = 1_000;
/** The same where time has to pass; a gate may fail in between. */
const WATCHING_MS = 5_000;
/** The same where a person, or a window, is waited for. */
const WAITING_MS = 60_000;

/** What was seen of the cluster. */
interface Seen {
  plan: RolloutPlan;
  configurations: readonly KubeObject[];
  webhooks: readonly PodWebhook[];
  /** Remembered, and as it is. */
  target: RememberedTag | undefined;
  live: RememberedTag | undefined;
  way: Way;
  /** All of the rollout; on the way back, those that it touched. */
  states: readonly WorkloadState[];
  gates: readonly GateVerdict[];
}

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
  const seen = await look(pass, read.plan, progress);
  const decision = decideStep(read.plan.steps, progress, observe(pass, seen, progress));
  const waves = read.plan.waves.map(({ name }) => name);
  const current = seen.way === 'back' ? seen.states : inWave(seen, decision.progress.step);
  const found = {
    ...decision,
    ...seen,
    waves,
    waiting: describeWaiting(current.filter((state) => !isDone(state, seen.way))),
  };
  const next = computeRolloutStatus(found, status, { generation, now });
  await writeRolloutStatus(pass, next);
  tellTransition(pass, { phase: next.phase ?? '', message: next.message ?? '' });
  await carryOut(pass, seen, decision);
  return requeue(decision, now);
}

async function look(pass: RolloutPass, plan: RolloutPlan, { phase }: StepProgress): Promise<Seen> {
  const { deps, rollout, status, refused } = pass;
  const configurations = (await deps.api.list(INJECTOR_KIND)).items.map((item) => ({ ...item, ...INJECTOR_KIND }));
  const webhooks = configurations.flatMap(injectionWebhooksOf);
  const live = plan.target.tag === undefined ? undefined : findTag(configurations, plan.target.tag);
  const target = status.target ?? live;
  const way: Way = phase === 'RollingBack' ? 'back' : 'forward';
  const { namespace = '' } = rollout.metadata;
  const { workloads, budgets, paths } = await fetchWorkloads(deps, { home: namespace, plan, webhooks });
  const now = deps.now();
  const view = { rollout: String(rollout.metadata['uid']), way, strategy: plan.strategy, budgets, now };
  const all = workloads.map((workload) => computeWorkloadState(workload, view));
  const own = all.filter((state) => (way === 'back' ? state.stamp : waveOf(state, plan.waves) !== undefined));
  const states = refused.mark(own, now);
  const gates =
    way === 'back'
      ? []
      : [
          ...judgeTag(target, live),
          ...(await judgeControlPlanes(deps, paths)),
          ...judgeRenewed(states, plan.limits, now),
        ];
  return { plan, configurations, webhooks, target, live, way, states, gates };
}

function observe({ deps, rollout }: RolloutPass, seen: Seen, { step }: StepProgress): StepObservation {
  const { plan, states, way, target, live, gates } = seen;
  const now = deps.now();
  const annotations = rollout.metadata.annotations ?? {};
  const wave = inWave(seen, step);
  const closedUntil = findClosedUntil(plan.windows, now);
  const resume = annotations[RESUME_ANNOTATION];
  const { tag } = plan.target;
  return {
    now,
    isReached: way === 'forward' && wave.every((state) => isDone(state, way)),
    isEmpty: wave.every((state) => state.stamp === undefined && isDone(state, way)),
    gates,
    ...(tag !== undefined && !live ? { obstacle: `tag ${tag} leads nowhere: no injection webhook has it` } : {}),
    ...(closedUntil === undefined ? {} : { closedUntil }),
    isSuspended: plan.isSuspended,
    approved: (annotations[APPROVE_ANNOTATION] ?? '').split(',').map((name) => name.trim()),
    ...(resume === undefined ? {} : { resume }),
    isAborted: annotations[ABORT_ANNOTATION] === 'true',
    isBack: way === 'back' && live?.revision === target?.previous && states.every((state) => isDone(state, way)),
  };
}

function inWave({ states, plan }: Seen, step: number): WorkloadState[] {
  return states.filter((state) => waveOf(state, plan.waves) === step);
}

async function carryOut(pass: RolloutPass, seen: Seen, { act }: StepDecision): Promise<void> {
  const { deps, rollout, refused } = pass;
  const { plan, way, states } = seen;
  const stamp = { rollout: String(rollout.metadata['uid']), way };
  const renewal: Renewal = { deps, rollout, stamp, surroundings: surroundingsOf(deps, seen.webhooks) };
  if (act.kind === 'do') {
    const wave = plan.waves[act.step];
    if (!wave) return;
    refused.note(await renew(renewal, chooseWork(inWave(seen, act.step), wave, way)), deps.now());
  }
  if (act.kind !== 'rollBack' || !seen.target) return;
  const obstacle = await moveTagBack(deps, seen.target, seen.configurations);
  if (obstacle !== undefined) {
    deps.events.record(rollout, { type: 'Warning', reason: 'RollingBack', message: obstacle, action: 'MoveTag' });
    return;
  }
  // What is stale by the way forward is not what is stale by the way back.
  if (way !== 'back') return;
  const maxParallel = Math.min(...plan.waves.map((wave) => wave.maxParallel));
  refused.note(await renew(renewal, chooseWork(states, { maxParallel }, way)), deps.now());
}

function requeue({ act }: StepDecision, now: number): PassEnd {
  switch (act.kind) {
    case 'do':
    case 'rollBack':
      return { requeueAfterMs: MOVING_MS, isPending: true };
    case 'wait': {
      const limit = act.reason === 'Soaking' || act.reason === 'GateUnknown' ? WATCHING_MS : WAITING_MS;
      return { requeueAfterMs: Math.max(0, Math.min((act.until ?? Infinity) - now, limit)), isPending: true };
    }
    case 'pause':
    case 'end':
      return {};
  }
}
