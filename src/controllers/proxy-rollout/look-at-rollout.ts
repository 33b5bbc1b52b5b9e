import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { injectionWebhooksOf, type PodWebhook } from '../../core/inject/injection-webhooks.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { judgeRenewed } from '../../core/proxy-rollout/built-in-gates.ts';
import type { RolloutPlan } from '../../core/proxy-rollout/read-rollout.ts';
import type { Way } from '../../core/proxy-rollout/stamp.ts';
import { isDone, subjectOf, waveOf } from '../../core/proxy-rollout/waves.ts';
import { computeWorkloadState, type WorkloadState } from '../../core/proxy-rollout/workload-state.ts';
import { metricGatesOf, type MetricGate } from '../../core/staged/metric-gates.ts';
import { observeAsked } from '../../core/staged/observe-asked.ts';
import type { GateVerdict, StepObservation, StepProgress } from '../../core/steps/step-plan.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import { measureGates } from '../staged/measure-gates.ts';
import type { Standing } from '../staged/reconcile-staged.ts';
import { fetchWorkloads } from './fetch-workloads.ts';
import { findTag, type RememberedTag } from './move-tag-back.ts';
import type { RolloutPass } from './rollout-pass.ts';
import { judgeControlPlanes, judgeTag } from './surrounding-gates.ts';

/** What was seen of the cluster. */
export interface Seen {
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

/** Reads all that decides about a rollout. Rejects with ApiError. */
export async function lookAtRollout(
  { deps, rollout, refused, reviews }: RolloutPass,
  plan: RolloutPlan,
  { status, progress: { phase, step, startedAt } }: Pick<Standing<ProxyRolloutStatus>, 'status' | 'progress'>,
): Promise<Seen> {
  const configurations = (await deps.api.list(INJECTOR_KIND)).items.map((item) => ({ ...item, ...INJECTOR_KIND }));
  const webhooks = configurations.flatMap(injectionWebhooksOf);
  const live = plan.target.tag === undefined ? undefined : findTag(configurations, plan.target.tag);
  const target = status.target ?? live;
  const way: Way = phase === 'RollingBack' ? 'back' : 'forward';
  const { namespace = '' } = rollout.metadata;
  const { workloads, budgets, paths } = await fetchWorkloads(deps, { home: namespace, plan, webhooks, reviews });
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
          ...(await measureGates(deps.prometheus, gatesOf(plan, states, step), startedAt)),
        ];
  return { plan, configurations, webhooks, target, live, way, states, gates };
}

function gatesOf({ metrics, waves }: RolloutPlan, states: readonly WorkloadState[], step: number): MetricGate[] {
  return metricGatesOf(metrics, subjectOf(states, waves, step));
}

/** The same, in the words of the engine. */
export function observe({ deps, rollout }: RolloutPass, seen: Seen, { step }: StepProgress): StepObservation {
  const { plan, states, way, target, live, gates } = seen;
  const wave = inWave(seen, step);
  const obstacle = findObstacle(seen);
  return {
    ...observeAsked(rollout, plan, deps.now()),
    isReached: way === 'forward' && wave.every((state) => isDone(state, way)),
    isEmpty: wave.every((state) => state.stamp === undefined && isDone(state, way)),
    gates,
    ...(obstacle === undefined ? {} : { obstacle }),
    isBack: way === 'back' && live?.revision === target?.previous && states.every((state) => isDone(state, way)),
  };
}

function findObstacle({ plan: { target: wanted, steps }, live, target }: Seen): string | undefined {
  if (wanted.tag === undefined) return undefined;
  if (!live) return `tag ${wanted.tag} leads nowhere: no injection webhook has it`;
  if (steps.onFailure === 'Pause' || target?.previous !== undefined) return undefined;
  return `tag ${wanted.tag} has led to no other revision yet, so that nothing could be rolled back: set onFailure: Pause`;
}

/** The workloads of a wave. */
export function inWave({ states, plan }: Seen, step: number): WorkloadState[] {
  return states.filter((state) => waveOf(state, plan.waves) === step);
}
