import { ROLLOUT_MANAGER } from '../../api/our-names.ts';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { RolloutEventReason } from '../../api/rollout/reasons.ts';
import { describeWaiting } from '../../core/proxy-rollout/built-in-gates.ts';
import { readRollout, type RolloutPlan } from '../../core/proxy-rollout/read-rollout.ts';
import { chosenOf, computeRolloutStatus, type RolloutLook } from '../../core/proxy-rollout/rollout-status.ts';
import { chooseWork, isDone, type WaveWork } from '../../core/proxy-rollout/waves.ts';
import { isEnded, type StepDecision } from '../../core/steps/decide-step.ts';
import type { StepPlan } from '../../core/steps/step-plan.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { reconcileStaged } from '../staged/reconcile-staged.ts';
import type { PhaseNotes } from '../staged/tell-transition.ts';
import { surroundingsOf } from './fetch-workloads.ts';
import { inWave, lookAtRollout, observe, type Seen } from './look-at-rollout.ts';
import { moveTagBack } from './move-tag-back.ts';
import { renew, type Renewal } from './renew.ts';
import type { RolloutPass } from './rollout-pass.ts';

const NOTES: PhaseNotes<RolloutEventReason> = {
  Acting: { type: 'Normal', reason: 'WaveStarted' },
  Soaking: { type: 'Normal', reason: 'WaveDone' },
  Paused: { type: 'Warning', reason: 'RolloutPaused' },
  RollingBack: { type: 'Warning', reason: 'RollingBack' },
  Done: { type: 'Normal', reason: 'RolloutEnded' },
  RolledBack: { type: 'Warning', reason: 'RolloutEnded' },
  Aborted: { type: 'Warning', reason: 'RolloutEnded' },
  Invalid: { type: 'Warning', reason: 'RolloutInvalid' },
};

/** One look at a rollout. Rejects with ApiError. */
export function reconcileRollout(pass: RolloutPass): Promise<PassEnd> {
  return reconcileStaged<ProxyRolloutStatus, RolloutPlan>(pass.deps, pass.rollout, {
    fieldManager: ROLLOUT_MANAGER,
    notes: NOTES,
    action: 'Rollout',
    read: readRollout,
    look: async (plan, { status, progress, moment }) => {
      const seen = await lookAtRollout(pass, plan, { status, progress });
      return {
        steps: stepsOf(seen),
        observed: observe(pass, seen, progress),
        intend: (decision) => {
          const work = chooseFor(seen, decision, chosenOf(status));
          return {
            next: computeRolloutStatus(describe(pass, seen, { decision, work }), status, moment),
            carryOut: () => carryOut(pass, seen, { decision, work }),
          };
        },
      };
    },
  });
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
