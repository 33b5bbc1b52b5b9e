import { describePlan, type PlanText } from '../../core/diff/plan-text.ts';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { computeOwnedViews } from '../../core/diff/owned-fields.ts';
import { errorText } from '../../core/error-text.ts';
import { displayName } from '../../core/kube-object.ts';
import { isSame } from '../../core/plan/desired.ts';
import { ApiError } from '../../kube/errors.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { throwIfAborted, type Scope } from './dependencies.ts';
import { fetchObjectChange } from './object-change.ts';
import type { LivePass } from './plan-live-pass.ts';

const CONCURRENCY = 6;
/** Not asked for, or would never end: what the API server must be asked again for. */
const BROKEN = new Set([0, 408, 429]);

/**
 * What a pass would do, as text, by dry runs of its steps. Asked once, as long as neither what is rendered nor what is
 * there changes. @throws ApiError when the API server cannot be asked
 */
export async function fetchPlanText(scope: Scope, pass: LivePass, desired: string): Promise<PlanText> {
  const { memory, uid } = scope;
  const of = `${desired} ${versionsOf(pass)}`;
  const known = memory.planTexts.get(uid);
  if (known?.of === of) return known.text;
  const text = await computeText(scope, pass);
  memory.planTexts.set(uid, { of, text });
  return text;
}

/** What the text is made of: which objects in which state, and what becomes of them. */
function versionsOf({ plan, observed }: LivePass): string {
  const steps = [...plan.apply, ...plan.adopt, ...plan.recreate].map(({ desired }) => desired.key);
  const versions = steps.map((key) => {
    const read = observed.live.get(key);
    return `${key} ${read?.state === 'found' ? String(read.object.metadata['resourceVersion']) : ''}`;
  });
  return [...versions, ...plan.create.map(({ key }) => key), ...plan.prune.map(({ uid }) => uid)].join(' ');
}

async function computeText(scope: Scope, pass: LivePass): Promise<PlanText> {
  const { plan } = pass;
  const planned = [...plan.create, ...[...plan.recreate, ...plan.adopt, ...plan.apply].map(({ desired }) => desired)];
  const problems: string[] = [];
  const found = await mapConcurrently(
    pass.desired.filter((desired) => planned.includes(desired)),
    CONCURRENCY,
    async (desired): Promise<ObjectDiff[]> => {
      throwIfAborted(scope.signal);
      try {
        const change = await fetchObjectChange(scope.deps.api, pass, desired);
        return change && !(change.change === 'change' && isSame(change.before, change.after)) ? [change] : [];
      } catch (error) {
        if (!(error instanceof ApiError) || BROKEN.has(error.status) || error.status >= 500) throw error;
        problems.push(`${displayName(desired.ref)}: ${errorText(error)}`);
        return [];
      }
    },
  );
  const removed = plan.prune.map(({ ref, object }): ObjectDiff => ({
    change: 'prune',
    ref,
    before: computeOwnedViews(object, object).before,
  }));
  return describePlan([...found.flat(), ...removed], problems.sort());
}
