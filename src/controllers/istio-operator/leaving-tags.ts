import { TAG_LABEL } from '../../api/istio-names.ts';
import type { ComponentName } from '../../core/components.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import type { Scope } from './dependencies.ts';
import { isForced } from './revision-users.ts';

const CONTROL_PLANE: ComponentName = 'Pilot';
/** So long a tag that a resource gave up stays for another one to take: both may come in one apply, in any order. */
const HANDOVER_MS = 5_000;

/** What is not removed yet for the sake of tags, and how long until the first of them may be: with a tag stays all that it leads to. */
export function findLeavingTags(
  { deps, memory, uid, resource }: Pick<Scope, 'memory' | 'uid' | 'resource'> & { deps: Pick<Scope['deps'], 'now'> },
  prune: readonly PruneEntry[],
): { leaving: readonly PruneEntry[]; waitMs?: number } {
  const now = deps.now();
  const known = memory.leavingTags.get(uid) ?? new Map<string, number>();
  const tags = isForced(resource)
    ? []
    : prune.filter(({ object }) => object.metadata.labels?.[TAG_LABEL] !== undefined);
  const since = new Map(tags.map(({ key }) => [key, known.get(key) ?? now]));
  if (since.size > 0) memory.leavingTags.set(uid, since);
  else memory.leavingTags.delete(uid);
  const leftMs = ({ key }: PruneEntry): number => (since.get(key) ?? now) + HANDOVER_MS - now;
  const leaving = tags.filter((entry) => leftMs(entry) > 0);
  if (leaving.length === 0) return { leaving };
  const kept = prune.filter((entry) => leaving.includes(entry) || entry.component === CONTROL_PLANE);
  return { leaving: kept, waitMs: Math.min(...leaving.map(leftMs)) };
}
