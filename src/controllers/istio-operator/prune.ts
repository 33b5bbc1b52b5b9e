import { errorText } from '../../core/error-text.ts';
import { displayName, type KubeObject } from '../../core/kube-object.ts';
import { ownerOf } from '../../core/plan/owner-labels.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { orderRemoval } from '../../core/plan/removal-order.ts';
import { isConflict } from '../../kube/errors.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { throwIfAborted, type Scope } from './dependencies.ts';

const CONCURRENCY = 6;
/** What changes more often than that is removed by a later pass. */
const MOST_ATTEMPTS = 3;

/** What a removal did. */
export interface PruneOutcome {
  /** Keys that were removed, or were not there any more. */
  removed: string[];
  failures: string[];
}

/** Removes objects stage by stage, begun in their order. A failure holds up the stages after it, and none of the same stage. */
export async function deleteObjects(scope: Scope, entries: readonly PruneEntry[]): Promise<PruneOutcome> {
  const outcome: PruneOutcome = { removed: [], failures: [] };
  for (const stage of orderRemoval(entries)) {
    await mapConcurrently(stage, CONCURRENCY, (entry) => deleteObject(scope, entry, outcome));
    if (outcome.failures.length > 0) break;
  }
  return outcome;
}

async function deleteObject(scope: Scope, entry: PruneEntry, outcome: PruneOutcome): Promise<void> {
  throwIfAborted(scope.signal);
  const object = displayName(entry.ref);
  try {
    if (!entry.object.metadata['deletionTimestamp']) {
      const isGone = await deleteOwned(scope, entry);
      scope.log.info({ object }, isGone ? 'removed' : 'left to its new owner');
    }
    outcome.removed.push(entry.key);
  } catch (error) {
    outcome.failures.push(`${object} could not be removed: ${errorText(error)}`);
  }
}

/**
 * Deletes the object as it was seen: what another IstioOperator took over meanwhile, such as a tag that moves, is no
 * longer ours. Returns whether it was deleted.
 */
async function deleteOwned({ deps: { api } }: Scope, { ref, uid, object }: PruneEntry): Promise<boolean> {
  let seen: KubeObject | undefined = object;
  for (let attempt = 1; seen && seen.metadata['uid'] === uid && isSameOwner(seen, object); attempt += 1) {
    const { resourceVersion } = seen.metadata as { resourceVersion?: string };
    try {
      await api.delete(ref, { uid, propagation: 'Background', ...(resourceVersion ? { resourceVersion } : {}) });
      return true;
    } catch (error) {
      if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw error;
    }
    seen = await api.get(ref);
  }
  return false;
}

function isSameOwner(a: KubeObject, b: KubeObject): boolean {
  const [one, other] = [ownerOf(a), ownerOf(b)];
  return one?.name === other?.name && one?.namespace === other?.namespace;
}
