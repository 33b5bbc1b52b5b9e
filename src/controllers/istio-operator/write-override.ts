import { computeStatus, type StatusInput } from '../../core/status/compute-status.ts';
import type { Summary } from '../../core/status/conditions.ts';
import type { Scope } from './dependencies.ts';
import { fetchInventoryObservations } from './observe-components.ts';
import { observeSurroundings } from './observe-surroundings.ts';
import { tellTransition } from './transitions.ts';
import { timestamp, writeStatus } from './write-status.ts';

/** Writes and tells a state that stands above the components, which are judged by what the inventory lists. */
export async function writeOverride(scope: Scope, override: Summary, known: Partial<StatusInput> = {}): Promise<void> {
  const previous = scope.status;
  const inventory = previous.inventory ?? [];
  const { api, now: clock } = scope.deps;
  const observations = await fetchInventoryObservations({ api, pods: scope.memory.pods, nowMs: clock() }, inventory);
  const { generation } = scope;
  const now = timestamp(scope);
  await writeStatus(
    scope,
    computeStatus({
      observations,
      override,
      ...observeSurroundings(scope),
      ...known,
      inventory,
      generation,
      previous,
      now,
    }),
  );
  tellTransition(scope, previous);
}
