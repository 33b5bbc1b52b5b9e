import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { objectKey, type ObjectRef } from '../kube-object.ts';
import { boundText } from '../status/bound-text.ts';
import { computeStagedStatus, MAX_TEXT, type Moment, type Summary } from '../staged/staged-status.ts';
import { summarize } from '../staged/summarize.ts';
import type { GateVerdict, StepAct, StepProgress } from '../steps/step-plan.ts';
import type { Way } from './stamp.ts';
import { isUnderWay } from './waves.ts';
import type { WorkloadState } from './workload-state.ts';

const MAX_BLOCKED = 10;

/** Keys of the workloads that a status says are under way, or chosen to be next. */
export function chosenOf({ underWay = [] }: ProxyRolloutStatus): Set<string> {
  return new Set(underWay.map((ref) => objectKey({ apiVersion: 'apps/v1', ...ref })));
}

/** What a look at a rollout came to. */
export interface RolloutLook {
  progress: StepProgress;
  act: StepAct;
  /** Names of the waves. */
  waves: readonly string[];
  way: Way;
  states: readonly WorkloadState[];
  /** Workloads that are under way, and those that were chosen to be next. */
  chosen: readonly ObjectRef[];
  gates: readonly GateVerdict[];
  /** What of the wave is waited for. */
  waiting: string;
  target: ProxyRolloutStatus['target'];
}

/** The whole status after a look. A look that finds the same gives the same. */
export function computeRolloutStatus(
  look: RolloutLook,
  previous: ProxyRolloutStatus,
  moment: Moment,
): ProxyRolloutStatus {
  const { progress, waves, target, states, chosen } = look;
  const shared = { ...look, steps: waves.length, summary: summarizeRollout(look) };
  const { steps, ...staged } = computeStagedStatus(shared, previous, moment);
  const wave = waves[Math.min(progress.step, waves.length - 1)];
  return {
    ...staged,
    ...(wave === undefined ? {} : { wave }),
    waves: steps,
    ...(target ? { target } : {}),
    counts: countStates(look),
    underWay: chosen.map(({ kind, namespace = '', name }) => ({ kind, namespace, name })),
    blocked: listBlocked(states),
  };
}

function countStates({ states, way }: RolloutLook): NonNullable<ProxyRolloutStatus['counts']> {
  const count = (test: (state: WorkloadState) => boolean): number => states.filter(test).length;
  return {
    workloads: states.length,
    current: count(({ stale, block }) => stale.length === 0 && block === undefined),
    stale: count(({ stale }) => stale.length > 0),
    underWay: count((state) => isUnderWay(state, way)),
    renewed: count((state) => state.stamp !== undefined && !isUnderWay(state, way)),
    blocked: count(({ block }) => block !== undefined),
  };
}

function listBlocked(states: readonly WorkloadState[]): NonNullable<ProxyRolloutStatus['blocked']> {
  return states
    .flatMap(({ ref: { kind, name }, namespace, block }) =>
      block ? [{ kind, namespace, name, reason: block.reason, message: boundText(block.message, MAX_TEXT) }] : [],
    )
    .slice(0, MAX_BLOCKED);
}

function summarizeRollout(look: RolloutLook): Summary {
  const { progress, waves, waiting } = look;
  const wave = waves[progress.step] ?? '';
  const cause = progress.cause?.text ?? '';
  const rest = waiting === '' ? '' : `: ${waiting}`;
  return summarize(look, {
    Done: 'all waves are done',
    RolledBack: `what was touched is as before: ${cause}`,
    Aborted: `${cause}; what was renewed stays so`,
    Paused: `wave ${wave}: ${cause}`,
    RollingBack: `${cause}; it goes back${rest}`,
    doing: `wave ${wave} is being renewed${rest}`,
  });
}
