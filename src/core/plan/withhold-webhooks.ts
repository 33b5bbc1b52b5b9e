import {
  describeInjectorConflict,
  findInjectorConflicts,
  type InjectorConflict,
} from '../inject/injector-conflicts.ts';
import type { KubeObject } from '../kube-object.ts';
import { INJECTOR_KIND } from '../webhook-configuration.ts';
import type { DesiredObject } from './desired.ts';
import { isOwnedBy, type Owner } from './owner-labels.ts';
import type { Plan } from './plan-objects.ts';

/** Injectors of others that our webhooks would meet, of all that are in the cluster. */
export function findConflicts(
  desired: readonly DesiredObject[],
  injectors: readonly KubeObject[],
  owner: Owner,
): InjectorConflict[] {
  const ours = desired.filter(({ ref }) => ref.kind === INJECTOR_KIND.kind).map(({ object }) => object);
  // What is ours and rendered no more is about to be pruned, which must not wait for itself.
  return findInjectorConflicts(
    ours,
    injectors.filter((injector) => !isOwnedBy(injector, owner)),
  );
}

/** Keeps webhooks from being made while another injector takes the same pods; those that exist stay as they are. */
export function withholdCompetingWebhooks(plan: Plan, conflicts: readonly InjectorConflict[]): Plan {
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
