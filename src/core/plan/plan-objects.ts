import { FIELD_MANAGER } from '../../api/our-names.ts';
import { displayName, type KubeObject, type ObjectRef } from '../kube-object.ts';
import { describeInstaller, findFormerInstallers, isFromIstioInstaller, type ForeignObject } from './adoption.ts';
import { hashOf } from './applied-hash.ts';
import { cedeFields, computeAutoscaled, type Autoscaled } from './ceded-fields.ts';
import type { DesiredObject } from './desired.ts';
import {
  appliedFields,
  computeSurplusPaths,
  computeUnownedPaths,
  displayPath,
  findManagers,
  type FieldPath,
  type FieldsV1,
} from './field-ownership.ts';
import { withFormerTarget } from './former-target.ts';
import { agreesButLabels, findKeepable, labelsIn, listKeptLabels, restartsPods, withoutLabels } from './kept-labels.ts';
import { isOwnedBy, ownerKey, ownerOf } from './owner-labels.ts';
import type { Pausable } from '../pausable.ts';
import type { KnownGap, OtherOwner, PlanInput } from './plan-input.ts';
import { outgoingOf } from './outgoing.ts';
import type { ReplacedTag } from './replaced-tags.ts';
import { planPrune, SHARED_COMPONENT, type PruneEntry } from './plan-prune.ts';

/** Why an object that exists is applied again. */
export interface Drift {
  /** Fields that somebody took from us, as the API server names them. */
  fields: string[];
  managers: string[];
}

export interface ApplyStep {
  desired: DesiredObject;
  /** The desired object without the fields that others hold by right. */
  object: KubeObject;
  force: boolean;
  /** Absent: the desired object changed. Present: somebody changed the live one. */
  drift?: Drift;
  /** The live object, where labels that were kept as a former installer set them become ours before the write. */
  unkept?: KubeObject;
}

/** How webhooks of another installer change their server. */
export interface WebhookHandOver {
  /** Whether the API server was seen to reach the new one. */
  isReached: boolean;
  /** Whether the former one has to lose sight of them. */
  isHidden: boolean;
}

export interface AdoptStep extends ApplyStep {
  live: KubeObject;
  /** Managers whose object it was. */
  formerly: string[];
  /** Fields of the pod template that stay as they are, so that no pod restarts for them. */
  kept: FieldsV1;
  /** The installer whose object it is, where nobody agreed that it becomes ours: then it must not be carried out. */
  unapprovedOf?: string;
  /** Of webhooks: how they change their server. */
  handOver?: WebhookHandOver;
}

export interface RecreateStep {
  desired: DesiredObject;
  live: KubeObject;
  /** Why it cannot be changed in place. */
  cause: string;
  /** Of a Deployment: its ReplicaSets, whose pods serve until the new ones are ready. */
  outgoing: readonly KubeObject[];
}

export interface BlockedObject {
  desired: DesiredObject;
  cause: string;
  /** `read`: it could not be read now. `owner`: another IstioOperator has it. `injector`: another takes the same pods. */
  why: 'read' | 'owner' | 'injector';
}

/** An object that is left as it is because the owner of the resource asked for that. */
export interface LeftObject {
  key: string;
  ref: ObjectRef;
  why: 'paused' | 'warn' | 'ignore';
  /** What would be done to it otherwise. */
  withheld?: 'change' | 'removal' | 'repair';
  /** What somebody changed; absent where it was deleted, or nobody did. */
  drift?: Drift;
}

export interface Plan {
  create: DesiredObject[];
  apply: ApplyStep[];
  adopt: AdoptStep[];
  /** Deleted and created again; planned only after the API server was asked (recreate.ts). */
  recreate: RecreateStep[];
  /** ReplicaSets with the former pods of Deployments that are made anew. */
  outgoing: KubeObject[];
  unchanged: DesiredObject[];
  /** Rendered by us too, kept by an older IstioOperator or by another installer. */
  shared: DesiredObject[];
  blocked: BlockedObject[];
  prune: PruneEntry[];
  /** Injectors of another installer in whose place ours answer. */
  replaced: ReplacedTag[];
  /** What the owner of the resource keeps the operator from (restrain-plan.ts). */
  left: LeftObject[];
}

/** Nothing to do. */
export function emptyPlan(): Plan {
  return {
    create: [],
    apply: [],
    adopt: [],
    recreate: [],
    outgoing: [],
    unchanged: [],
    shared: [],
    blocked: [],
    prune: [],
    replaced: [],
    left: [],
  };
}

/** Compares what should be with what is. Pure; a plan made of its own result is empty. */
export function* planObjects(input: PlanInput): Pausable<Plan> {
  const plan = emptyPlan();
  const autoscaled = computeAutoscaled(input.desired.map(({ object }) => object));
  for (const desired of input.desired) {
    planOne(plan, desired, input, autoscaled);
    yield;
  }
  plan.prune = planPrune(input);
  yield;
  plan.outgoing = plan.prune.map(({ object }) => object).filter((object) => outgoingOf(object) !== undefined);
  return plan;
}

function planOne(plan: Plan, desired: DesiredObject, input: PlanInput, autoscaled: Autoscaled): void {
  const read = input.live.get(desired.key) ?? { state: 'failed', cause: 'it was not read' };
  if (read.state === 'failed') {
    plan.blocked.push({ desired, cause: read.cause, why: 'read' });
    return;
  }
  if (read.state === 'absent') {
    plan.create.push(desired);
    return;
  }
  if (desired.createOnly) {
    plan.unchanged.push(desired);
    return;
  }
  const holder = findOlderHolder(read.object, desired, input);
  if (holder) planHeldByOther(plan, desired, holder);
  else if (appliedFields(read.object, FIELD_MANAGER)) {
    planOurs(plan, desired, read.object, { autoscaled, gap: input.gaps.get(desired.key) });
  } else planForeign(plan, desired, read.object, { autoscaled, input });
}

/** An older IstioOperator that has the object and renders it still. */
function findOlderHolder(live: KubeObject, desired: DesiredObject, input: PlanInput): OtherOwner | undefined {
  const holder = ownerOf(live);
  if (!holder || isOwnedBy(live, input.owner)) return undefined;
  const other = input.others.find(({ owner }) => ownerKey(owner) === ownerKey(holder));
  return other?.older && other.claims.has(desired.key) ? other : undefined;
}

function planHeldByOther(plan: Plan, desired: DesiredObject, other: OtherOwner): void {
  if (desired.component === SHARED_COMPONENT) {
    plan.shared.push(desired);
    return;
  }
  const cause =
    `${displayName(desired.ref)} belongs to IstioOperator ${ownerKey(other.owner)}, which is older: ` +
    'give one of the two another revision or other names';
  plan.blocked.push({ desired, cause, why: 'owner' });
}

/**
 * What others made. An installer's object is taken over by force, but only where somebody agreed, or where our labels
 * say that it was ours before, as after a backup was put back. What all revisions share stays with its installer
 * otherwise: a second revision beside another installer's needs nothing of it changed.
 */
function planForeign(
  plan: Plan,
  desired: DesiredObject,
  live: KubeObject,
  { autoscaled, input }: { autoscaled: Autoscaled; input: PlanInput },
): void {
  const force = isFromIstioInstaller(live);
  const isUnapproved = force && !input.isAdoptionApproved && !isOwnedBy(live, input.owner);
  if (isUnapproved && desired.component === SHARED_COMPONENT) {
    plan.shared.push(desired);
    return;
  }
  const formerly = findFormerInstallers(live);
  const kept = force ? findKeepable(desired.object, live, formerly) : {};
  const ceded = withFormerTarget(cedeFields(desired.object, live, autoscaled), live, true);
  const object = withoutLabels(ceded, labelsIn(kept));
  const unapproved = isUnapproved ? { unapprovedOf: describeInstaller(live) } : {};
  plan.adopt.push({ desired, object, force, live, formerly, kept, ...unapproved });
}

function planOurs(
  plan: Plan,
  desired: DesiredObject,
  live: KubeObject,
  { autoscaled, gap }: { autoscaled: Autoscaled; gap: KnownGap | undefined },
): void {
  const isChanged = hashOf(live) !== desired.hash;
  const ceded = withFormerTarget(cedeFields(desired.object, live, autoscaled), live, isChanged);
  const kept = listKeptLabels(live);
  // Kept until the pods restart for something else.
  const isUnkept = kept.length > 0 && isChanged && !agreesButLabels(kept, desired.object, live);
  const object = isUnkept ? ceded : withoutLabels(ceded, kept);
  if (isChanged) {
    plan.apply.push({ desired, object, force: true, ...(isUnkept ? { unkept: live } : {}) });
    return;
  }
  const lost = findLostPaths(desired, object, live, gap);
  if (lost.length === 0) plan.unchanged.push(desired);
  else plan.apply.push({ desired, object, force: true, drift: describeDrift(live, lost) });
}

function findLostPaths(
  desired: DesiredObject,
  object: KubeObject,
  live: KubeObject,
  gap: KnownGap | undefined,
): FieldPath[] {
  const lost = computeGap(desired, object, live);
  if (gap?.hash !== desired.hash) return lost;
  return lost.filter((path) => !gap.paths.has(displayPath(path)));
}

/** What the plan would take over although nobody agreed. */
export function findUnapproved({ adopt }: Plan): ForeignObject[] {
  return adopt.flatMap(({ desired, live, formerly, kept, unapprovedOf: installer }) => {
    if (installer === undefined) return [];
    return [{ live, installer, restarts: restartsPods({ desired: desired.object, live, formerly }, kept) }];
  });
}

/** Where our share of the live object differs from what we apply. */
export function computeGap(desired: DesiredObject, object: KubeObject, live: KubeObject): FieldPath[] {
  const owned = appliedFields(live, FIELD_MANAGER) ?? {};
  const surplus = computeSurplusPaths(object, owned);
  return [...computeUnownedPaths(object, owned), ...(surplus.length > 0 ? withoutCeded(surplus, desired, owned) : [])];
}

/** A ceded field that we own together with its new owner is no surplus. */
function withoutCeded(surplus: readonly FieldPath[], desired: DesiredObject, owned: FieldsV1): FieldPath[] {
  const known = new Set(surplus.map(displayPath));
  return computeSurplusPaths(desired.object, owned).filter((path) => known.has(displayPath(path)));
}

function describeDrift(live: KubeObject, lost: readonly FieldPath[]): Drift {
  return { fields: lost.map(displayPath), managers: findManagers(live, lost, FIELD_MANAGER) };
}
