import {
  findInjectorConflicts,
  describeInjectorConflict,
  type InjectorConflict,
} from '../../core/inject/injector-conflicts.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { isOwnedBy } from '../../core/plan/owner-labels.ts';
import type { Plan } from '../../core/plan/plan-objects.ts';
import type { Scope } from './dependencies.ts';

/** What injects. */
export const INJECTOR_KIND = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };

/** Injectors of others that our webhooks would meet; undefined when the cluster could not be asked. */
export async function fetchInjectorConflicts(
  { deps, log, owner }: Scope,
  desired: readonly DesiredObject[],
): Promise<InjectorConflict[] | undefined> {
  const ours = desired.filter(({ ref }) => ref.kind === INJECTOR_KIND.kind).map(({ object }) => object);
  if (ours.length === 0) return [];
  try {
    const { items } = await deps.api.list(INJECTOR_KIND);
    // What is ours and rendered no more is about to be pruned, which must not wait for itself.
    const others = items.filter((item) => !isOwnedBy(item, owner));
    return findInjectorConflicts(ours, others);
  } catch (error) {
    log.warn({ error }, 'could not look for other injectors');
    return undefined;
  }
}

/** Keeps webhooks from being made while another injector takes the same pods; those that exist stay as they are. */
export function withholdCompetingWebhooks(plan: Plan, conflicts: readonly InjectorConflict[] = []): Plan {
  const causes = new Map(
    conflicts.map((conflict) => [conflict.ours.configuration, describeInjectorConflict(conflict)]),
  );
  const isWithheld = ({ ref }: DesiredObject): boolean => ref.kind === INJECTOR_KIND.kind && causes.has(ref.name);
  return {
    ...plan,
    create: plan.create.filter((desired) => !isWithheld(desired)),
    blocked: [
      ...plan.blocked,
      ...plan.create
        .filter(isWithheld)
        .map((desired) => ({ desired, cause: causes.get(desired.ref.name) ?? '', why: 'injector' as const })),
    ],
  };
}
