import { COMPONENT_LABEL, FIELD_MANAGER, NOT_PRUNED_LABEL } from '../../api/our-names.ts';
import { objectKey, refOf, type KubeObject, type ObjectRef } from '../kube-object.ts';
import { appliedFields } from './field-ownership.ts';
import { isOwnedBy, type Owner } from './owner-labels.ts';
import { controllerOf, outgoingOf } from './outgoing.ts';
import type { OtherOwner } from './plan-input.ts';

/** An object to remove. */
export interface PruneEntry {
  key: string;
  ref: ObjectRef;
  uid: string;
  component: string;
  object: KubeObject;
}

/** What decides about pruning. */
export interface PruneInput {
  desired: readonly { key: string }[];
  owned: ReadonlyMap<string, KubeObject>;
  owner: Owner;
  others: readonly OtherOwner[];
  /** The owner itself goes, and not only a part of what it rendered. */
  isLeaving?: boolean;
}

/** Component of what all revisions share. */
export const SHARED_COMPONENT = 'Base';

/** Kinds that hold other people's work: never removed. */
export const NEVER_PRUNED: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'Namespace']);

/**
 * Objects that are ours and wanted no more. Ours means both: the labels name this owner, and our field manager applied
 * it; a copy that a user made with all its labels is not ours. What another IstioOperator renders is left to it, and what
 * all share stays as long as another one is there that may need it.
 */
export function planPrune({ desired, owned, owner, others, isLeaving = false }: PruneInput): PruneEntry[] {
  const wanted = new Set(desired.map(({ key }) => key));
  const keepsShared = isLeaving ? others.length > 0 : others.some(({ isUnclear }) => isUnclear);
  return [...owned.values()].flatMap((object) => {
    const ref = refOf(object);
    const key = objectKey(ref);
    if (wanted.has(key) || others.some(({ claims }) => claims.has(key)) || isKept(object)) return [];
    if (keepsShared && isShared(object)) return [];
    if (isTakenBack(object, owned)) return [];
    return isRemovable(object, owner) ? [toPruneEntry(object)] : [];
  });
}

/**
 * What the last IstioOperator leaves behind when it goes: shared objects of others that went before it. The caller makes
 * sure that there is no other.
 */
export function planOrphans(shared: readonly KubeObject[]): PruneEntry[] {
  return shared
    .filter((object) => isShared(object) && !isKept(object) && isApplied(object) && !NEVER_PRUNED.has(object.kind))
    .map(toPruneEntry);
}

/** Former pods that a Deployment whose selector fits took back: its own, to keep or to end. */
function isTakenBack(object: KubeObject, owned: ReadonlyMap<string, KubeObject>): boolean {
  const controller = outgoingOf(object) === undefined ? undefined : controllerOf(object);
  if (controller === undefined) return false;
  return [...owned.values()].some(({ metadata }) => metadata['uid'] === controller && !metadata['deletionTimestamp']);
}

/** Istio's kinds, the reader account and the default validation serve every revision. */
function isShared({ metadata }: KubeObject): boolean {
  return metadata.labels?.[COMPONENT_LABEL] === SHARED_COMPONENT;
}

/** Somebody asked, by the label that Istio's own tool honours too, that the object outlive its place in the manifest. */
function isKept({ metadata }: KubeObject): boolean {
  return metadata.labels?.[NOT_PRUNED_LABEL] === 'true';
}

/** Whether the owner may delete the live object. */
function isRemovable(object: KubeObject, owner: Owner): boolean {
  if (NEVER_PRUNED.has(object.kind)) return false;
  return isOwnedBy(object, owner) && isApplied(object);
}

function isApplied(object: KubeObject): boolean {
  return appliedFields(object, FIELD_MANAGER) !== undefined;
}

/** What it takes to remove an object. */
export function toPruneEntry(object: KubeObject): PruneEntry {
  const ref = refOf(object);
  const uid = object.metadata['uid'];
  const component = object.metadata.labels?.[COMPONENT_LABEL] ?? '';
  return { key: objectKey(ref), ref, uid: typeof uid === 'string' ? uid : '', component, object };
}
