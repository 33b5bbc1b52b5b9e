import { RENEWED_ANNOTATION, ROLLOUT_MANAGER } from '../../api/our-names.ts';
import { displayName, type KubeObject } from '../../core/kube-object.ts';
import type { ReviewSurroundings } from '../../core/proxies/review-proxy.ts';
import { stampText, type Stamp } from '../../core/proxy-rollout/stamp.ts';
import type { WaveWork } from '../../core/proxy-rollout/waves.ts';
import type { Block, WorkloadState } from '../../core/proxy-rollout/workload-state.ts';
import { ApiError, isConflict } from '../../kube/errors.ts';
import type { RolloutDependencies } from './dependencies.ts';
import { findUnproven } from './prove-injection.ts';

/** For whom and how a wave is renewed. */
export interface Renewal {
  deps: RolloutDependencies;
  /** The ProxyRollout. */
  rollout: KubeObject;
  stamp: Omit<Stamp, 'at'>;
  surroundings: ReviewSurroundings;
}

/** A workload that was not begun with, and why. */
export interface Refusal {
  state: WorkloadState;
  block: Block;
}

/** Begins with workloads and lets pods go, as chosen. What is refused is told; the rest goes on. */
export async function renew(renewal: Renewal, { begin, evict }: WaveWork): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const state of begin) {
    const block = await beginWith(renewal, state);
    if (block) refusals.push({ state, block });
  }
  for (const { state, pod } of evict) {
    const block = await evictPod(renewal, state, pod);
    if (block) refusals.push({ state, block });
  }
  return refusals;
}

async function beginWith(
  { deps, rollout, stamp, surroundings }: Renewal,
  state: WorkloadState,
): Promise<Block | undefined> {
  const unproven = await findUnproven(deps, state, surroundings);
  if (unproven !== undefined) return { reason: 'InjectionNotProven', message: unproven, isTemporary: true };
  const annotations = { [RENEWED_ANNOTATION]: stampText({ ...stamp, at: deps.now() }) };
  const { resourceVersion } = state.object.metadata;
  // Who changed it since it was read may have changed what was decided by.
  const metadata = { resourceVersion, annotations };
  const template = state.method === 'Restart' ? { spec: { template: { metadata: { annotations } } } } : {};
  return writing(async () => {
    await deps.api.patch(state.ref, { metadata, ...template }, { type: 'merge', fieldManager: ROLLOUT_MANAGER });
    const how = state.method === 'Restart' ? 'is restarted' : 'has its pods evicted one by one';
    const message = `${displayName(state.ref)} ${how}`;
    deps.events.record(rollout, { type: 'Normal', reason: 'WorkloadRenewed', message, action: 'Renew' });
  });
}

async function evictPod(
  { deps }: Renewal,
  { namespace }: WorkloadState,
  { name, uid }: { name: string; uid: string },
): Promise<Block | undefined> {
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
  return writing(async () => {
    if ((await deps.api.evict(ref, { uid })) !== 'refused') return undefined;
    return {
      reason: 'BudgetExhausted',
      message: `a PodDisruptionBudget does not let pod ${name} go now`,
      isTemporary: true,
    };
  });
}

async function writing(write: () => Promise<Block | undefined | void>): Promise<Block | undefined> {
  try {
    return (await write()) ?? undefined;
  } catch (error) {
    if (isConflict(error)) return undefined;
    // Without an answer nobody knows; the next look sees what became of it.
    if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) throw error;
    return { reason: 'WriteRefused', message: error.message, isTemporary: true };
  }
}
