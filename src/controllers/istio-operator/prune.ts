import { errorText } from '../../core/error-text.ts';
import { displayName } from '../../core/kube-object.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { orderRemoval } from '../../core/plan/removal-order.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { throwIfAborted, type Scope } from './dependencies.ts';

const CONCURRENCY = 6;

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
      await scope.deps.api.delete(entry.ref, { uid: entry.uid, propagation: 'Background' });
      scope.log.info({ object }, 'removed');
    }
    outcome.removed.push(entry.key);
  } catch (error) {
    outcome.failures.push(`${object} could not be removed: ${errorText(error)}`);
  }
}
