import { DRIFT_ANNOTATION, PAUSE_ANNOTATION } from '../../api/our-names.ts';
import { displayName } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import type { DesiredObject } from './desired.ts';
import type { ApplyStep, Drift, LeftObject, Plan } from './plan-objects.ts';
import type { Restraint } from './restraint.ts';

const NAMED = 10;

/** The plan without what the owner of the resource keeps the operator from. */
export function restrainPlan(
  plan: Plan,
  restraint: Restraint,
  isRestored: (desired: { key: string }) => boolean,
): Plan {
  const left: LeftObject[] = [];
  const isPaused = ({ ref, key }: DesiredObject, withheld: LeftObject['withheld'], drift?: Drift): boolean => {
    if (!restraint.isPaused(ref)) return false;
    left.push({ key, ref, why: 'paused', ...(withheld ? { withheld } : {}), ...(drift ? { drift } : {}) });
    return true;
  };
  const isUnrepaired = (desired: DesiredObject, drift?: Drift): boolean => {
    const why = restraint.modeOf(desired);
    if (why === 'correct') return false;
    const { key, ref } = desired;
    left.push({ key, ref, why, withheld: 'repair', ...(drift ? { drift } : {}) });
    return true;
  };
  const stays = ({ desired, drift }: ApplyStep): boolean =>
    isPaused(desired, drift ? 'repair' : 'change', drift) || (drift !== undefined && isUnrepaired(desired, drift));
  const staysAway = (desired: DesiredObject): boolean =>
    isPaused(desired, isRestored(desired) ? 'repair' : 'change') || (isRestored(desired) && isUnrepaired(desired));
  return {
    ...plan,
    create: plan.create.filter((desired) => !staysAway(desired)),
    apply: plan.apply.filter((step) => !stays(step)),
    adopt: plan.adopt.filter(({ desired }) => !isPaused(desired, 'change')),
    unchanged: plan.unchanged.filter((desired) => !isPaused(desired, undefined)),
    prune: plan.prune.filter(({ key, ref }) => {
      if (!restraint.isPaused(ref)) return true;
      left.push({ key, ref, why: 'paused', withheld: 'removal' });
      return false;
    }),
    left,
  };
}

/** Which objects are paused, in a sentence; empty for none. It says nothing that changes by itself. */
export function describePaused(left: readonly LeftObject[]): string {
  const paused = left.filter(({ why }) => why === 'paused');
  if (paused.length === 0) return '';
  const told = paused.map(({ ref, withheld }) => `${displayName(ref)}${WAITS[withheld ?? 'nothing']}`);
  return `left as they are, because annotation ${PAUSE_ANNOTATION} names them: ${listSome(told, NAMED)}`;
}

const WAITS = {
  nothing: '',
  change: ' (a change of it waits)',
  removal: ' (its removal waits)',
  repair: ' (its repair waits)',
} as const;

/** What others changed and is left so with a word about it; empty for nothing. */
export function describeLeftDrift(left: readonly LeftObject[]): string {
  const drifted = left.filter(({ why }) => why === 'warn');
  if (drifted.length === 0) return '';
  const told = drifted.map(({ ref, drift }) => `${displayName(ref)}: ${describeChange(drift)}`);
  return `${listSome(told, NAMED)}; left so, because annotation ${DRIFT_ANNOTATION} is "warn"`;
}

function describeChange(drift: Drift | undefined): string {
  if (!drift) return 'somebody deleted it';
  const by = drift.managers.map((manager) => `"${manager}"`).join(', ') || 'somebody';
  return `${by} changed ${listSome(drift.fields)}`;
}
