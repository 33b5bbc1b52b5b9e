import type { InventoryEntry } from '../../api/install/istio-operator-status.ts';
import type { ComponentName } from '../components.ts';
import { objectKey, refOf, type KubeObject, type ObjectRef } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';

/** What an entry names. */
export function entryRef({ apiVersion, kind, namespace, name }: InventoryEntry): ObjectRef {
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
}

export function entryKey(entry: InventoryEntry): string {
  return objectKey(entryRef(entry));
}

function toEntry(
  { ref, component }: Pick<DesiredObject, 'ref' | 'component'>,
  uid: string | undefined,
): InventoryEntry {
  const { apiVersion, kind, namespace, name } = ref;
  return { apiVersion, kind, ...(namespace ? { namespace } : {}), name, component, ...(uid ? { uid } : {}) };
}

/** Tells what was there once, as its UID in the inventory shows: somebody else removed it. */
export function isRestored(inventory: readonly InventoryEntry[]): (desired: { key: string }) => boolean {
  const known = new Set(inventory.filter(({ uid }) => uid !== undefined).map(entryKey));
  return ({ key }) => known.has(key);
}

/**
 * What is listed before the first write of a pass: all that was listed and all that is about to be applied, so that a
 * crash in between leaves nothing unlisted.
 */
export function computeInventoryBefore(
  previous: readonly InventoryEntry[],
  desired: readonly DesiredObject[],
): InventoryEntry[] {
  const listed = new Map(previous.map((entry) => [entryKey(entry), entry]));
  const next = desired.map((wanted) => listed.get(wanted.key) ?? toEntry(wanted, undefined));
  const keys = new Set(desired.map(({ key }) => key));
  return [...next, ...previous.filter((entry) => !keys.has(entryKey(entry)))];
}

/** What is listed after a pass: the desired objects with their UIDs, and whatever else of ours is left. */
export function computeInventoryAfter(input: {
  previous: readonly InventoryEntry[];
  desired: readonly DesiredObject[];
  live: ReadonlyMap<string, KubeObject>;
  /** Keys that are known to be no longer ours: removed, or handed over. */
  gone: ReadonlySet<string>;
}): InventoryEntry[] {
  const { previous, desired, live, gone } = input;
  const listed = new Map(previous.map((entry) => [entryKey(entry), entry]));
  const keys = new Set(desired.map(({ key }) => key));
  const next = desired.map((wanted) => {
    const uid = live.get(wanted.key)?.metadata['uid'];
    return toEntry(wanted, typeof uid === 'string' ? uid : listed.get(wanted.key)?.uid);
  });
  const rest = previous.filter((entry) => !keys.has(entryKey(entry)) && !gone.has(entryKey(entry)));
  return [...next, ...rest];
}

/** Entries of ReplicaSets that a Deployment leaves behind when it is made anew. */
export function listOutgoing(replicaSets: readonly KubeObject[], component: ComponentName): InventoryEntry[] {
  return replicaSets.map((object) => {
    const { uid } = object.metadata;
    return toEntry({ ref: refOf(object), component }, typeof uid === 'string' ? uid : undefined);
  });
}

/** Entries of these keys as of objects that were never there: nobody but us removed them. */
export function withoutUids(inventory: readonly InventoryEntry[], keys: ReadonlySet<string>): InventoryEntry[] {
  return inventory.map(({ uid, ...entry }) =>
    uid === undefined || keys.has(entryKey(entry)) ? entry : { ...entry, uid },
  );
}
