import { FINALIZER } from '../../api/our-names.ts';

import { displayName, refOf, type KubeObject } from '../../core/kube-object.ts';
import { planOrphans, planPrune, type PruneEntry } from '../../core/plan/plan-prune.ts';
import { computeStatus } from '../../core/status/compute-status.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import type { PassResult, Scope } from './dependencies.ts';
import { finalizersOf, isHeld, removeFinalizers } from './finalizers.ts';
import { inventoryOf } from './inventory-of.ts';
import { fetchLiveObjects, fetchSharedObjects } from './live-objects.ts';
import { fetchOtherOwners } from './other-owners.ts';
import { deleteObjects } from './prune.ts';
import { fetchUsersOf } from './revision-users.ts';
import { tellTransition } from './transitions.ts';
import { timestamp, writeStatus } from './write-status.ts';

/** The end of each object is told by its informer; this is for what an informer misses. */
const RECHECK_MS = 10_000;
/** How soon those who use the revision are looked at again. */
const IN_USE_RECHECK_MS = 15_000;
/** Objects that are accepted for deletion, but held by finalizers of others, do not hold the resource longer. */
const PATIENCE_MS = 60_000;
const CONCURRENCY = 8;

/** Removes what the resource installed, then lets it go. */
export async function reconcileDeletion(scope: Scope): Promise<PassResult> {
  if (!isHeld(scope.resource)) return { reason: 'Deleting' };
  const before = scope.status;
  if (before.inventory === undefined && !finalizersOf(scope.resource).includes(FINALIZER)) {
    // Never ours: the former operator's finalizer alone keeps it, and nobody else will take that away.
    await removeFinalizers(scope);
    return { reason: 'Deleting' };
  }
  await announce(scope);
  const result = await scope.memory.removal.take(() => removeInstallation(scope));
  tellTransition(scope, before);
  return result;
}

/** The status says what goes on before anything is gone. */
async function announce(scope: Scope): Promise<void> {
  const ready = scope.status.conditions?.find(({ type }) => type === 'Ready');
  const known: readonly (string | undefined)[] = ['Deleting', 'DeletionBlocked', 'RevisionInUse'];
  if (!known.includes(ready?.reason)) await writeProgress(scope, 'Deleting', ['the installation is being removed']);
}

async function removeInstallation(scope: Scope): Promise<PassResult> {
  const { entries, failures: unread } = await findRemovable(scope);
  const users = await fetchUsersOf(scope, entries);
  if (users.failures.length > 0) return block(scope, [...unread, ...users.failures]);
  if (users.text !== '') {
    await writeProgress(scope, 'RevisionInUse', [users.text]);
    return { reason: 'RevisionInUse', requeueAfterMs: IN_USE_RECHECK_MS };
  }
  const { removed, failures } = await deleteObjects(scope, entries);
  const left = await findLeft(
    scope,
    entries.filter(({ key }) => removed.includes(key)),
  );
  const trouble = [...unread, ...failures];
  if (trouble.length === 0 && (left.length === 0 || isPatienceOver(scope))) {
    await removeFinalizers(scope);
    scope.log.info({ leftBehind: left.map((object) => displayName(refOf(object))) }, 'removed the installation');
    return { reason: 'Deleting' };
  }
  if (trouble.length > 0) return block(scope, trouble, left.map(describeLeft));
  await writeProgress(scope, 'Deleting', left.map(describeLeft));
  return { reason: 'Deleting', requeueAfterMs: RECHECK_MS };
}

async function block(scope: Scope, trouble: readonly string[], more: readonly string[] = []): Promise<PassResult> {
  await writeProgress(scope, 'DeletionBlocked', [...trouble, ...more]);
  return { reason: 'DeletionBlocked', failure: trouble.join('; '), left: trouble.length + more.length };
}

/** What the labels give to this owner and no other IstioOperator renders; with the last one, what all shared as well. */
async function findRemovable(scope: Scope): Promise<{ entries: PruneEntry[]; failures: string[] }> {
  const { deps, owner } = scope;
  const others = await fetchOtherOwners(scope);
  const live = await fetchLiveObjects(deps.api, owner, [], await inventoryOf(scope));
  const entries = planPrune({ desired: [], owned: live.owned, owner, others, isLeaving: true });
  const shared = others.length > 0 ? { objects: [], failures: [] } : await fetchSharedObjects(deps);
  const known = new Set(entries.map(({ key }) => key));
  const orphans = planOrphans(shared.objects).filter(({ key }) => !known.has(key));
  const failures = [...live.failures, ...shared.failures].map((text) => `could not be searched: ${text}`);
  return { entries: [...entries, ...orphans], failures: [...new Set(failures)] };
}

async function findLeft(scope: Scope, entries: readonly PruneEntry[]): Promise<KubeObject[]> {
  const live = await mapConcurrently(entries, CONCURRENCY, async ({ ref, uid }) => {
    const object = await scope.deps.api.get(ref).catch((error: unknown) => {
      if (isKindNotServed(error)) return undefined;
      throw error;
    });
    return object?.metadata['uid'] === uid ? object : undefined;
  });
  return live.filter((object) => object !== undefined);
}

function describeLeft(object: KubeObject): string {
  const { finalizers } = object.metadata as { finalizers?: string[] };
  const why = finalizers?.length ? `is held by finalizers ${finalizers.join(', ')}` : 'is being removed';
  return `${displayName(refOf(object))} ${why}`;
}

function isPatienceOver(scope: Scope): boolean {
  const since = Date.parse(String(scope.resource.metadata['deletionTimestamp']));
  return Number.isFinite(since) && scope.deps.now() - since > PATIENCE_MS;
}

type DeletionReason = 'Deleting' | 'DeletionBlocked' | 'RevisionInUse';

async function writeProgress(scope: Scope, reason: DeletionReason, texts: readonly string[]): Promise<void> {
  const { generation, status: previous } = scope;
  const message = texts.slice(0, 20).join('; ');
  const inventory = previous.inventory ?? [];
  await writeStatus(
    scope,
    computeStatus({
      observations: [],
      override: { state: 'deleting', reason, message },
      inventory,
      generation,
      previous,
      now: timestamp(scope),
    }),
  );
}
