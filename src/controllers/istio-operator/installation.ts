import type { InventoryEntry, IstioOperatorStatus, PlanStatus } from '../../api/install/istio-operator-status.ts';
import { DEFAULT_REVISION } from '../../core/inject/revision-path.ts';
import { isJsonObject, objectKey, refOf } from '../../core/kube-object.ts';
import { computeAutoscaled } from '../../core/plan/ceded-fields.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { countForeignFields } from '../../core/plan/foreign-fields.ts';
import {
  computeInventoryAfter,
  computeInventoryBefore,
  entryKey,
  listOutgoing,
  withoutUids,
} from '../../core/plan/inventory.ts';
import { describeContest, type Contest } from '../../core/plan/contention.ts';
import { phaseIndexOf } from '../../core/plan/phases.ts';
import type { Plan } from '../../core/plan/plan-objects.ts';
import { describeKept, findKept, withoutUsed } from '../../core/plan/plan-pass.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import type { ComponentName } from '../../core/components.ts';
import type { Rendered } from '../../core/render/index.ts';
import { computeStatus, type StatusInput } from '../../core/status/compute-status.ts';
import type { ObservedInjection } from '../../core/status/injection-conditions.ts';
import { computeScaledHealth } from '../../core/status/scaling.ts';
import { canReplace, isWorkload } from '../../core/status/workload-health.ts';
import type { ObservedWebhook } from '../../core/status/webhook-conditions.ts';
import { nextSlice } from '../../runtime/slices.ts';
import { applyPhases, type ApplyOutcome } from './apply-phases.ts';
import type { PassResult, Scope } from './dependencies.ts';
import { dropFormerFinalizer } from './finalizers.ts';
import { reconcileHeld } from './held-pass.ts';
import { fetchObservations, type ComponentNotes } from './observe-components.ts';
import { judgeApproval } from './judge-approval.ts';
import { findLeavingTags } from './leaving-tags.ts';
import { observeRestraints } from './observe-restraints.ts';
import { observeSurroundings } from './observe-surroundings.ts';
import { planAdoption } from './plan-adoption.ts';
import { planLivePass, type LivePass } from './plan-live-pass.ts';
import { deleteObjects, type PruneOutcome } from './prune.ts';
import { describeServing, findRetirable } from './retire-pods.ts';
import { fetchUsersOf } from './revision-users.ts';
import { tellTransition } from './transitions.ts';
import { timestamp, writeStatus } from './write-status.ts';

/** How often the pods of a workload that is not ready are looked at: they fail without an event on the workload. */
export const WAITING_MS = 10_000;
/** How soon a conflict is looked at again; the one who solves it may not cause an event here. */
const CONFLICT_MS = 60_000;
/** How soon those who use what is to be removed are looked at again. */
const IN_USE_MS = 15_000;
/** How soon the endpoints of a Service are looked at again whose former pods are to go. */
const ENDPOINTS_MS = 1_000;
const RESYNC_MS = 10 * 60_000;

/** What one pass knows when it is done with the cluster. */
interface Pass extends LivePass {
  rendered: Rendered;
  /** Desired and ours to keep: without what an older IstioOperator keeps, and without namespaces. */
  listed: readonly DesiredObject[];
  outcome: ApplyOutcome;
  pruned: PruneOutcome;
  injection: ObservedInjection;
  proxies?: StatusInput['proxies'];
  /** What became of an approved plan; null when there is none any more. */
  approved?: PlanStatus | null;
  /** Repairs that others undo again and again, by object key. */
  contests: ReadonlyMap<string, Contest>;
  /** Who keeps a part of what is rendered no more; empty for nobody, undefined while that is not looked at. */
  inUse: string | undefined;
  /** What stays because a workload of its component does not run. */
  kept: readonly PruneEntry[];
}

/** Brings the cluster to what was rendered. */
export async function reconcileInstallation(scope: Scope, rendered: Rendered): Promise<PassResult> {
  const before = scope.status;
  const planned = await planLivePass(scope, rendered);
  if (planned.hold) {
    const { message, plan: told } = await planAdoption(scope, rendered, planned.hold);
    const override = { state: 'stalled', reason: planned.hold.reason, message } as const;
    return reconcileHeld(scope, planned, override, told === undefined ? {} : { plan: told });
  }
  const approval = await judgeApproval(scope, planned);
  if (approval.isPending) return reconcileHeld(scope, planned, approval.override, { plan: approval.plan });
  // Where nothing is to be done nothing is waited for, and all from here on would be one turn of the event loop.
  await nextSlice();
  const { plan, desired, observed, conflicts } = planned;
  const listed = listable(desired, plan);
  const formerPods = plan.recreate.flatMap(({ outgoing, desired: { component } }) => listOutgoing(outgoing, component));
  const intended = computeInventoryBefore([...(before.inventory ?? []), ...formerPods], listed);
  await writeIntent(scope, plan, { rendered, inventory: intended });
  await nextSlice();
  const outcome = await applyPhases(scope, plan, desired, observed.live);
  const { pruned, inUse, kept } = await pruneWhenDone(scope, planned, outcome);
  await nextSlice();
  const { injection: around, proxies } = observeSurroundings(scope, rendered.revision);
  const injection = {
    ...around,
    ...(conflicts ? { conflicts } : {}),
    ...(inUse === undefined ? {} : { inUse }),
  };
  const pass: Pass = {
    ...planned,
    rendered,
    listed,
    outcome,
    pruned,
    injection,
    ...(proxies ? { proxies } : {}),
    ...(approval.plan === undefined ? {} : { approved: approval.plan }),
    inUse,
    kept,
    contests: scope.contests.open,
  };
  await writeOutcome(scope, pass);
  if (isWritten(pass)) await dropFormerFinalizer(scope);
  tellTransition(scope, before);
  return decideResult(scope, pass);
}

function listable(desired: readonly DesiredObject[], plan: Plan): DesiredObject[] {
  const foreign = new Set([
    ...plan.shared,
    ...plan.blocked.filter(({ why }) => why === 'owner').map((blocked) => blocked.desired),
  ]);
  return desired.filter((object) => !foreign.has(object) && !object.createOnly);
}

/** Says what is about to happen, before it happens: a crash in between leaves nothing unlisted. */
async function writeIntent(
  scope: Scope,
  plan: Plan,
  { rendered, inventory }: { rendered: Rendered; inventory: InventoryEntry[] },
): Promise<void> {
  const { release, variables } = rendered;
  const known = new Set((scope.status.inventory ?? []).map(entryKey));
  const isListed = inventory.every((entry) => known.has(entryKey(entry)));
  const changes =
    plan.create.length + plan.adopt.length + plan.recreate.length + plan.apply.filter(({ drift }) => !drift).length;
  const isSpecNew = scope.status.observedGeneration !== scope.generation;
  if (isListed && !(isSpecNew && changes > 0)) return;
  const { generation, status: previous } = scope;
  const message = `${changes} objects to apply`;
  const override = { state: 'progressing', reason: 'Progressing', message } as const;
  const now = timestamp(scope);
  const found = { release, variables, inventory };
  const status = computeStatus({ observations: [], override, ...found, generation, previous, now });
  await writeStatus(scope, { ...status, status: 'RECONCILING', componentStatus: previous.componentStatus ?? {} });
}

/**
 * Only when all that is wanted is there and everything could be read; a doubt keeps the old. A control plane that is
 * used stays as a whole, and a component keeps what it had until its workloads run.
 */
async function pruneWhenDone(
  scope: Scope,
  { plan, desired, observed }: LivePass,
  outcome: ApplyOutcome,
): Promise<Pick<Pass, 'pruned' | 'inUse' | 'kept'>> {
  const isDone =
    outcome.failed.length === 0 && outcome.waiting.size + outcome.awaited.size === 0 && observed.failures.length === 0;
  if (!isDone) return { pruned: { removed: [], failures: [] }, inUse: undefined, kept: [] };
  const { text: inUse, failures } = await fetchUsersOf(scope, plan.prune);
  if (failures.length > 0) return { pruned: { removed: [], failures }, inUse: undefined, kept: [] };
  const unused = withoutUsed(plan.prune, inUse);
  const { free, serving, isSoon } = await findRetirable(scope, unused, { desired, live: outcome.live });
  const kept = findKept(free, findUnreplaced(desired, outcome));
  if (isSoon) outcome.deferredMs = Math.min(ENDPOINTS_MS, outcome.deferredMs ?? Infinity);
  for (const entry of serving) outcome.waiting.set(phaseIndexOf(entry.component), describeServing(serving));
  const { leaving, waitMs = Infinity } = findLeavingTags(scope, free);
  if (leaving.length > 0) outcome.deferredMs = Math.min(waitMs, outcome.deferredMs ?? Infinity);
  const due = free.filter((entry) => !kept.includes(entry) && !leaving.includes(entry));
  const pruned = await deleteObjects(scope, due);
  if (pruned.removed.length > 0) {
    const message = `${pruned.removed.length} objects that are rendered no more were removed`;
    scope.deps.events.record(scope.resource, { type: 'Normal', reason: 'Pruned', message });
  }
  return { pruned, inUse, kept };
}

/** Components with a workload that does not run as wanted. */
function findUnreplaced(desired: readonly DesiredObject[], { live }: ApplyOutcome): Set<string> {
  const isUnready = ({ key, ref }: DesiredObject): boolean => {
    const object = live.get(key);
    return isWorkload(ref) && !(object && canReplace(object));
  };
  return new Set(desired.filter(isUnready).map(({ component }) => component));
}

async function writeOutcome(scope: Scope, pass: Pass): Promise<void> {
  const { rendered, desired, listed, observed, outcome, injection } = pass;
  const { generation, status: previous } = scope;
  const unread = new Set([...observed.live].filter(([, read]) => read.state === 'failed').map(([key]) => key));
  const observations = await fetchObservations({
    api: scope.deps.api,
    pods: scope.memory.pods,
    nowMs: scope.deps.now(),
    members: desired,
    live: outcome.live,
    unread,
    notes: (component) => noteOn(component, pass),
  });
  await nextSlice();
  const status: IstioOperatorStatus = computeStatus({
    observations,
    inventory: computeInventoryAfter({
      previous: withoutUids(previous.inventory ?? [], outcome.renewed),
      desired: listed,
      live: outcome.live,
      gone: computeGone(scope, pass),
    }),
    ...observeWebhooks(scope, desired),
    injection,
    ...(pass.proxies ? { proxies: pass.proxies } : {}),
    ...(pass.approved === undefined ? {} : { plan: pass.approved }),
    restraints: observeRestraints(pass),
    foreignFields: countForeignFields(listed.flatMap(({ key }) => outcome.live.get(key) ?? [])),
    revision: rendered.revision || DEFAULT_REVISION,
    release: rendered.release,
    variables: rendered.variables,
    ...versionOf(rendered),
    generation,
    isApplied: isWritten(pass),
    previous,
    now: timestamp(scope),
  });
  await nextSlice();
  await writeStatus(scope, status);
}

function isWritten({ outcome: { failed, waiting, awaited, held, renewed }, plan }: Pass): boolean {
  if (plan.left.some(({ withheld }) => withheld === 'change' || withheld === 'removal')) return false;
  return failed.length + waiting.size + awaited.size + held + renewed.size === 0;
}

function observeWebhooks({ deps }: Scope, desired: readonly DesiredObject[]): { webhooks?: ObservedWebhook[] } {
  const { webhooks } = deps;
  if (!webhooks) return {};
  const observed = desired.map(({ object }) => webhooks.observe(object)).filter((found) => found !== undefined);
  return { webhooks: observed };
}

/** Entries that need no longer be listed: removed, handed over, or not there although all could be read. */
function computeGone(scope: Scope, { observed, plan, pruned }: Pass): Set<string> {
  if (observed.failures.length > 0) return new Set(pruned.removed);
  const formerPods = plan.outgoing.map((object) => objectKey(refOf(object)));
  const pending = new Set([...[...plan.prune, ...plan.left].map(({ key }) => key), ...formerPods]);
  const keys = (scope.status.inventory ?? []).map(entryKey);
  return new Set([...pruned.removed, ...keys.filter((key) => !pending.has(key))]);
}

function versionOf(rendered: Rendered): { version?: string } {
  const global = isJsonObject(rendered.values['global']) ? rendered.values['global'] : {};
  const tag = global['tag'];
  return typeof tag === 'string' || typeof tag === 'number' ? { version: String(tag) } : {};
}

function noteOn(component: ComponentName, pass: Pass): ComponentNotes {
  const { rendered, desired, outcome, observed, plan, pruned, contests } = pass;
  const failed = outcome.failed.filter(({ desired }) => desired.component === component);
  const awaited = desired
    .filter((object) => object.component === component)
    .flatMap(({ key }) => outcome.awaited.get(key) ?? []);
  const coming = awaited.filter(({ isComing }) => isComing).map(({ message }) => message);
  const waitingFor = outcome.waiting.get(phaseIndexOf(component)) ?? coming[0];
  const unreadable = new Set(plan.blocked.filter(({ why }) => why === 'read').map((blocked) => blocked.desired));
  const [unread, refused] = [true, false].map((isRead) =>
    failed.filter(({ blocked, desired }) => !blocked && unreadable.has(desired) === isRead).map(({ cause }) => cause),
  ) as [string[], string[]];
  // What stands above components is told once, at the first of them.
  const isFirst = rendered.components[0]?.component === component;
  if (isFirst) {
    unread.push(...observed.failures.map((text) => `could not read ${text}`));
    refused.push(...pruned.failures);
  }
  return {
    errors: refused,
    unread,
    blocked: failed.filter(({ blocked }) => blocked).map(({ cause }) => cause),
    contested: desired
      .filter((object) => object.component === component)
      .flatMap(({ key }) => contests.get(key) ?? [])
      .map((contest) => describeContest(contest)),
    uninjected: awaited.filter(({ isComing }) => !isComing).map(({ message }) => message),
    ...(waitingFor === undefined ? {} : { waitingFor }),
    ...keptOf(component, pass),
    ...versionOf(rendered),
  };
}

function keptOf(component: ComponentName, { kept }: Pass): Pick<ComponentNotes, 'kept'> {
  const own = kept.filter((entry) => entry.component === component);
  return own.length === 0 ? {} : { kept: describeKept(own) };
}

function decideResult(scope: Scope, pass: Pass): PassResult {
  const { outcome } = pass;
  const result = decideByOutcome(scope, pass);
  const { requeueAfterMs = Infinity } = result;
  const dueMs = Math.min(requeueAfterMs, outcome.deferredMs ?? Infinity, scope.contests.nextEndMs ?? Infinity);
  return result.failure !== undefined || dueMs === Infinity ? result : { ...result, requeueAfterMs: dueMs };
}

/** Whether pods that an autoscaler asked for are on their way: they may fail without an event on the workload. */
function isScaling({ live }: ApplyOutcome): boolean {
  const autoscaled = computeAutoscaled(live.values());
  return [...live.values()].some((object) => computeScaledHealth(object, autoscaled).state === 'scaling');
}

function decideByOutcome(scope: Scope, { outcome, observed, pruned, inUse }: Pass): PassResult {
  const ready = scope.status.conditions?.find(({ type }) => type === 'Ready');
  const reason = (ready?.reason ?? 'Progressing') as PassResult['reason'];
  const causes = outcome.failed.filter(({ blocked }) => !blocked).map(({ cause }) => cause);
  const failures = [...causes, ...observed.failures, ...pruned.failures];
  if (failures.length > 0) return { reason, failure: failures.join('; '), left: failures.length + outcome.held };
  if (outcome.failed.length > 0) return { reason, requeueAfterMs: CONFLICT_MS };
  if (reason !== 'Installed') return { reason, requeueAfterMs: WAITING_MS };
  if (inUse) return { reason, requeueAfterMs: IN_USE_MS };
  return { reason, requeueAfterMs: isScaling(outcome) ? WAITING_MS : RESYNC_MS };
}
