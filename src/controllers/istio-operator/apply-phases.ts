import type { InventoryEntry } from '../../api/install/istio-operator-status.ts';
import { displayName, type KubeObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import { computeAutoscaled } from '../../core/plan/ceded-fields.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { isRestored } from '../../core/plan/inventory.ts';
import { phaseIndexOf, PHASES, rankOf, type Phase } from '../../core/plan/phases.ts';
import type { LiveRead } from '../../core/plan/plan-input.ts';
import type { Plan } from '../../core/plan/plan-objects.ts';
import { computeHeldServices, withFormerReplicas } from '../../core/plan/surge.ts';
import { findReplaceable, findWaiting, isWebhook, mustHide, type Takeover } from '../../core/plan/takeover-order.ts';
import { computeScaledHealth, isServing } from '../../core/status/scaling.ts';
import { computeWorkloadHealth, isEstablished, isWorkload } from '../../core/status/workload-health.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { applyStep } from './apply-object.ts';
import { changeOf, type Step, type StepOutcome } from './step.ts';
import { fetchAwaitedInjectors, type AwaitedInjector } from './await-injectors.ts';
import { throwIfAborted, type Scope } from './dependencies.ts';
import { deleteObjects } from './prune.ts';

const DEFINITION = 'CustomResourceDefinition';
const CONCURRENCY = 6;
/** After each definition that changes, the API server makes its schema anew, while it is asked for all else as well. */
const DEFINITIONS_AT_ONCE = 1;
/** How soon the work goes on that waited for another injector to go. */
const REPLACED_MS = 500;

/** What the phases of one pass did. */
export interface ApplyOutcome {
  /** Live objects by key, as of after the writes. */
  live: Map<string, KubeObject>;
  failed: Extract<StepOutcome, { ok: false }>[];
  /** Index into PHASES, and why it has not begun or is not done. */
  waiting: Map<number, string>;
  writes: number;
  /** Steps that a phase which is not done has held up. */
  held: number;
  /** Keys of what was deleted to be made anew, and is still to be created. */
  renewed: Set<string>;
  /** Workloads whose pods no injector would fill in, by object key; none of them was written. */
  awaited: Map<string, AwaitedInjector>;
  /** How long until the first repair that waits because others undo it; undefined while none waits. */
  deferredMs?: number;
}

/** Carries out a plan phase by phase. A phase that is not done holds up later ones, but not the repair of drift. */
export async function applyPhases(
  scope: Scope,
  plan: Plan,
  desired: readonly DesiredObject[],
  reads: ReadonlyMap<string, LiveRead>,
): Promise<ApplyOutcome> {
  const live = foundIn(reads);
  const outcome: ApplyOutcome = {
    live,
    failed: [],
    waiting: new Map(),
    writes: 0,
    held: 0,
    renewed: new Set(),
    awaited: new Map(),
  };
  const all = toSteps(plan, desired, scope.status.inventory ?? []);
  const takeover = toTakeover(scope, { plan, desired, live });
  const { steps, kept } = withhold(all, plan, takeover);
  outcome.held += kept.length;
  for (const { desired: object, cause, why } of plan.blocked) {
    const text = why === 'read' ? `${displayName(object.ref)}: could not be read: ${cause}` : cause;
    outcome.failed.push({ desired: object, ok: false, blocked: why !== 'read', cause: text });
  }
  let closed: string | undefined;
  for (const [index, phase] of PHASES.entries()) {
    const mine = steps.filter((step) => step.desired.phase === index);
    if (closed !== undefined) outcome.waiting.set(index, closed);
    const open = closed === undefined ? mine : mine.filter(isRepair);
    const due = await withoutAwaiting(scope, open, { desired, index, outcome });
    outcome.held += mine.length - due.length;
    await applySteps(scope, due, outcome);
    closed ??= findClosedGate(
      phase,
      desired.filter((object) => object.phase === index),
      outcome,
    );
    closed ??= findFormerWorkload(phase, index, kept);
  }
  for (const { desired: one, why } of kept) if (!outcome.waiting.has(one.phase)) outcome.waiting.set(one.phase, why);
  await removeReplaced(scope, takeover, outcome);
  return outcome;
}

/** Removes injectors of another installer once ours answer in their place. The pass after that goes on. */
async function removeReplaced(scope: Scope, takeover: Takeover, outcome: ApplyOutcome): Promise<void> {
  const { replaced } = takeover.plan;
  if (replaced.length === 0) return;
  const { removed, failures } = await deleteObjects(scope, findReplaceable(takeover));
  outcome.writes += removed.length;
  if (removed.length > 0) outcome.deferredMs = Math.min(REPLACED_MS, outcome.deferredMs ?? Infinity);
  const names = listSome(replaced.map(({ ref }) => displayName(ref)));
  const why = `${names} goes once the injectors of this operator are seen to answer in its place`;
  for (const { component } of replaced) outcome.waiting.set(phaseIndexOf(component), failures[0] ?? why);
}

/** A step that waits for something else, and why. */
interface KeptStep {
  desired: DesiredObject;
  why: string;
}

/** Without the steps that wait, such as of Services which would leave the former pods before the new ones are ready. */
function withhold(steps: readonly Step[], plan: Plan, takeover: Takeover): { steps: Step[]; kept: KeptStep[] } {
  const { desired, live, isReady } = takeover;
  const renewed = new Set(plan.recreate.map((step) => step.desired.key));
  const running = [...live].filter(([key, object]) => isWorkload(object) && !renewed.has(key) && isReady(object));
  const ready = new Set(running.map(([key]) => key));
  const services = computeHeldServices({ desired, live, ready, outgoing: plan.outgoing });
  const reasons = new Map([...services, ...findWaiting(takeover)]);
  return {
    steps: steps.filter((step) => !reasons.has(step.desired.key)).map((step) => withHandOver(step, takeover)),
    kept: steps.flatMap((step) => {
      const why = reasons.get(step.desired.key);
      return why === undefined ? [] : [{ desired: step.desired, why }];
    }),
  };
}

function toTakeover({ deps: { webhooks } }: Scope, known: Pick<Takeover, 'plan' | 'desired' | 'live'>): Takeover {
  const isReady = (object: KubeObject): boolean => computeWorkloadHealth(object).state === 'ready';
  if (!webhooks) return { ...known, isReady };
  const isAsked = (object: KubeObject): boolean | undefined => {
    const observed = webhooks.observe(object);
    return observed && observed.proof?.isProven === true;
  };
  return { ...known, isReady, seen: { isReached: webhooks.isReached, isAsked } };
}

function withHandOver(step: Step, takeover: Takeover): Step {
  if (step.action !== 'adopt' || !step.force || !isWebhook(step.desired)) return step;
  const isReached = takeover.seen?.isReached === true;
  return { ...step, handOver: { isReached, isHidden: mustHide(step.desired, takeover) } };
}

/** Leaves out workloads that wait for an injector, and tells of those that do not become ready without one. */
async function withoutAwaiting(
  scope: Scope,
  steps: readonly Step[],
  { desired, index, outcome }: { desired: readonly DesiredObject[]; index: number; outcome: ApplyOutcome },
): Promise<Step[]> {
  const written = new Set(steps.map((step) => step.desired));
  const concerned = desired.filter((object) => {
    if (object.phase !== index || !isWorkload(object.ref)) return false;
    const live = outcome.live.get(object.key);
    return written.has(object) || (live && computeWorkloadHealth(live).state !== 'ready');
  });
  const awaited = await fetchAwaitedInjectors(scope, concerned);
  for (const [key, found] of awaited) outcome.awaited.set(key, found);
  return steps.filter((step) => !awaited.has(step.desired.key));
}

function foundIn(reads: ReadonlyMap<string, LiveRead>): Map<string, KubeObject> {
  const live = new Map<string, KubeObject>();
  for (const [key, read] of reads) if (read.state === 'found') live.set(key, read.object);
  return live;
}

function toSteps(plan: Plan, desired: readonly DesiredObject[], inventory: readonly InventoryEntry[]): Step[] {
  const isKnown = isRestored(inventory);
  return [
    ...plan.create.map((one): Step => {
      const object = withFormerReplicas(one, desired, plan.outgoing);
      return { action: 'create', desired: one, object, restored: isKnown(one) };
    }),
    ...plan.recreate.map((step): Step => ({ action: 'recreate', ...step })),
    ...plan.adopt.map((step): Step => ({ action: 'adopt', ...step })),
    ...plan.apply.map((step): Step => ({ action: 'apply', ...step })),
  ];
}

function isRepair(step: Step): boolean {
  if (step.action === 'create') return step.restored;
  return step.action === 'apply' && step.drift !== undefined;
}

async function applySteps(scope: Scope, steps: readonly Step[], outcome: ApplyOutcome): Promise<void> {
  const ranks = [...new Set(steps.map(({ desired }) => rankOf(desired.ref.kind)))].sort((a, b) => a - b);
  for (const rank of ranks) {
    const group = steps.filter(({ desired }) => rankOf(desired.ref.kind) === rank);
    const isOfDefinitions = group.some((step) => step.action !== 'create' && isDefinition(step.desired));
    await mapConcurrently(group, isOfDefinitions ? DEFINITIONS_AT_ONCE : CONCURRENCY, async (step) => {
      throwIfAborted(scope.signal);
      const waitMs = scope.contests.waitOf(step.desired.key, changeOf(step));
      if (waitMs > 0) {
        outcome.deferredMs = Math.min(waitMs, outcome.deferredMs ?? Infinity);
        return;
      }
      const result = await applyStep(scope, step);
      if (!result.ok) {
        outcome.failed.push(result);
        return;
      }
      scope.contests.note(step.desired.key, step.desired.ref, changeOf(step));
      outcome.writes += 1;
      if (result.object) outcome.live.set(step.desired.key, result.object);
      else noteRenewed(step, outcome);
    });
  }
}

function isDefinition({ ref }: DesiredObject): boolean {
  return ref.kind === DEFINITION;
}

function noteRenewed({ desired: { key, ref, phase } }: Step, { live, renewed, waiting }: ApplyOutcome): void {
  live.delete(key);
  renewed.add(key);
  waiting.set(phase, `${displayName(ref)} is made anew once the former one is gone`);
}

/** Why later phases have to wait although what runs is ready: it is not yet what is to run. */
function findFormerWorkload(phase: Phase, index: number, kept: readonly KeptStep[]): string | undefined {
  if (phase.gate !== 'ready') return undefined;
  const former = kept.find(({ desired }) => desired.phase === index && isWorkload(desired.ref));
  return former && `waiting for phase ${phase.name}: ${former.why}`;
}

/** Why later phases have to wait; undefined when they need not. */
function findClosedGate(
  phase: Phase,
  desired: readonly DesiredObject[],
  { live, failed }: ApplyOutcome,
): string | undefined {
  const prefix = `waiting for phase ${phase.name}`;
  const autoscaled = computeAutoscaled(live.values());
  if (failed.some((outcome) => desired.includes(outcome.desired))) return `${prefix}: not all objects are applied`;
  for (const { key, ref } of desired) {
    const object = live.get(key);
    if (phase.gate === 'established' && ref.kind === DEFINITION && !(object && isEstablished(object))) {
      return `${prefix}: ${displayName(ref)} is not served yet`;
    }
    if (phase.gate !== 'ready' || !isWorkload(ref)) continue;
    if (!object || !isServing(computeScaledHealth(object, autoscaled)))
      return `${prefix}: ${displayName(ref)} is not ready`;
  }
  return undefined;
}
