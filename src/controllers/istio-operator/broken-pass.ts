import { errorText } from '../../core/error-text.ts';
import { ApiError, CLIENT_REASONS, LeadershipLost } from '../../kube/errors.ts';
import { computeStatus } from '../../core/status/compute-status.ts';
import type { Summary } from '../../core/status/conditions.ts';
import { type Scope } from './dependencies.ts';
import { tellTransition } from './transitions.ts';
import { displayTime, timestamp, writeStatus } from './write-status.ts';

/** Whether the pass ended only because this replica stops or leads no longer: then its successor has the word. */
export function isCutShort(scope: Pick<Scope, 'signal'>, error: unknown): boolean {
  if (scope.signal.aborted || error instanceof LeadershipLost) return true;
  return error instanceof ApiError && error.reason === CLIENT_REASONS.aborted;
}

/**
 * Says on the resource that a pass broke off, why, and until when it is tried again: what an earlier pass found out is
 * not known to hold any more. Never rejects; a status that cannot be written now is written by a later pass.
 */
export async function tellBrokenPass(scope: Scope, error: unknown, retryInMs: number): Promise<void> {
  const before = scope.status;
  const { generation } = scope;
  const nextTry = displayTime(scope.deps.now() + retryInMs);
  const message = `the pass broke off: ${errorText(error)}; it is tried again by ${nextTry}`;
  const override: Summary = scope.resource.metadata['deletionTimestamp']
    ? { state: 'deleting', reason: 'DeletionBlocked', message }
    : { state: 'unknown', reason: 'PassFailed', message };
  try {
    const now = timestamp(scope);
    const inventory = before.inventory ?? [];
    const status = computeStatus({ observations: [], override, inventory, generation, previous: before, now });
    const { componentStatus = {} } = before;
    const word = override.state === 'unknown' ? { status: 'RECONCILING' as const } : {};
    await writeStatus(scope, { ...status, ...word, componentStatus });
    tellTransition(scope, before);
  } catch (failure) {
    scope.log.warn({ error: failure }, 'the status could not be written either');
  }
}
