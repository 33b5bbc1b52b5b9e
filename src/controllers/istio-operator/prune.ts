import { displayName } from '../../core/kube-object.ts';
import { phaseIndexOf, rankOf } from '../../core/plan/phases.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { messageOf, throwIfAborted, type Scope } from './dependencies.ts';

/** What a removal did. */
export interface PruneOutcome {
  /** Keys that were removed, or were not there any more. */
  removed: string[];
  failures: string[];
}

/** Removes objects, the last phase first. A failure holds up none of the others. */
export async function deleteObjects(scope: Scope, entries: readonly PruneEntry[]): Promise<PruneOutcome> {
  const outcome: PruneOutcome = { removed: [], failures: [] };
  const order = (entry: PruneEntry): number => phaseIndexOf(entry.component) * 100 + rankOf(entry.ref.kind);
  for (const entry of [...entries].sort((a, b) => order(b) - order(a))) {
    throwIfAborted(scope.signal);
    const object = displayName(entry.ref);
    try {
      if (!entry.object.metadata['deletionTimestamp']) {
        await scope.deps.api.delete(entry.ref, { uid: entry.uid, propagation: 'Background' });
        scope.log.info({ object }, 'removed');
      }
      outcome.removed.push(entry.key);
    } catch (error) {
      outcome.failures.push(`${object} could not be removed: ${messageOf(error)}`);
    }
  }
  return outcome;
}
