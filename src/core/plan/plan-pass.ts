import type { InjectorConflict } from '../inject/injector-conflicts.ts';
import { displayName, refOf, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import type { Pausable } from '../pausable.ts';
import { describeAdoption, isAdoptionApproved } from './adoption.ts';
import type { DesiredObject } from './desired.ts';
import type { Owner } from './owner-labels.ts';
import type { PlanInput } from './plan-input.ts';
import { findUnapproved, planObjects, type Plan } from './plan-objects.ts';
import { isRestored } from './inventory.ts';
import { findReplacedTags } from './replaced-tags.ts';
import { restrainPlan } from './restrain-plan.ts';
import { readRestraint } from './restraint.ts';
import type { InventoryEntry } from '../../api/install/istio-operator-status.ts';
import type { PruneEntry } from './plan-prune.ts';
import { planRecreation, splitRecreatable } from './recreate.ts';
import { describeRefusedChanges, type RefusedChange } from './refused-change.ts';
import { findConflicts, withholdCompetingWebhooks } from './withhold-webhooks.ts';

/** What was seen of the cluster, as far as one IstioOperator is concerned. */
export interface Observed extends Pick<PlanInput, 'live' | 'owned' | 'others' | 'gaps'> {
  /** Whoever injects; undefined when the cluster could not be asked. */
  injectors: readonly KubeObject[] | undefined;
  /** One sentence for each kind that could not be searched. */
  failures: readonly string[];
}

/** What a pass is about. */
export interface PassSubject {
  owner: Owner;
  resource: Pick<KubeObject, 'metadata'>;
  desired: readonly DesiredObject[];
  /** What was there once. */
  inventory: readonly InventoryEntry[];
}

/** Why nothing of a plan may be written. */
export interface Hold {
  reason: 'AdoptionRequired' | 'ChangeRefused' | 'PrecheckFailed';
  message: string;
}

/** What a pass does, unless something holds it back. */
export interface PlannedPass {
  plan: Plan;
  /** Injectors of others that our webhooks would meet; undefined when the cluster could not be asked. */
  conflicts: readonly InjectorConflict[] | undefined;
  hold?: Hold;
  /** What the resource's annotations ask for and cannot be understood; one sentence each. */
  unclear: readonly string[];
}

/** What a pass would do, by what is seen. Pure: for a controller that does it, and for whoever only wants to know. */
export function* planPass(
  { owner, resource, desired, inventory }: PassSubject,
  observed: Observed,
): Pausable<PlannedPass> {
  const { injectors, live, owned, others, gaps } = observed;
  const found = injectors && findConflicts(desired, injectors, owner);
  const replaced = isAdoptionApproved(resource) ? findReplacedTags(found ?? [], injectors ?? [], desired) : [];
  const going = new Set(replaced.map(({ ref }) => ref.name));
  const conflicts = found?.filter(({ other }) => !going.has(other.configuration));
  const adoption = { isAdoptionApproved: isAdoptionApproved(resource) };
  const planned = { ...(yield* planObjects({ desired, live, owned, owner, others, gaps, ...adoption })), replaced };
  const restraint = readRestraint(resource, desired, [...owned.values()].map(refOf));
  yield;
  const restrained = restrainPlan(planned, restraint, isRestored(inventory));
  const plan = withholdCompetingWebhooks(restrained, conflicts ?? []);
  const { unclear } = restraint;
  const foreign = findUnapproved(plan);
  if (foreign.length === 0) return { plan, conflicts, unclear };
  return {
    plan,
    conflicts,
    unclear,
    hold: { reason: 'AdoptionRequired', message: describeAdoption(foreign, resource) },
  };
}

/** The pass with what the API server refused of it: held back, or made anew where the resource asks for that. */
export function settleRefusals(
  pass: PlannedPass,
  refused: readonly RefusedChange[],
  { subject: { resource }, live }: { subject: PassSubject; live: Observed['live'] },
): PlannedPass {
  const { renewed, rest } = splitRecreatable(refused, resource);
  if (rest.length > 0) return holdBack(pass, rest, resource);
  return renewed.length === 0 ? pass : { ...pass, plan: planRecreation(pass.plan, renewed, live) };
}

/** The pass of which nothing may be written, because of these. */
export function holdBack(
  pass: PlannedPass,
  refused: readonly RefusedChange[],
  resource: PassSubject['resource'],
): PlannedPass {
  return { ...pass, hold: { reason: 'ChangeRefused', message: describeRefusedChanges(refused, resource) } };
}

/** What of it may be removed while somebody uses the revision: a control plane that is used stays as a whole. */
export function withoutUsed(prune: readonly PruneEntry[], users: string): readonly PruneEntry[] {
  return users === '' ? prune : prune.filter(({ component }) => component !== 'Pilot');
}

/** What of it stays because a workload of its component does not run yet: what is replaced serves until then. */
export function findKept(prune: readonly PruneEntry[], unready: ReadonlySet<string>): readonly PruneEntry[] {
  return prune.filter(({ component }) => unready.has(component));
}

/** For the status. */
export function describeKept(kept: readonly PruneEntry[]): string {
  const names = listSome(kept.map(({ ref }) => displayName(ref)));
  return `what is rendered no more stays until it runs, or until you delete it: ${names}`;
}
