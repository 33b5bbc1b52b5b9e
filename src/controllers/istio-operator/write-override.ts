import { computeStatus } from '../../core/status/compute-status.ts';
import type { Summary } from '../../core/status/conditions.ts';
import type { ObservedRestraints } from '../../core/status/restraint.ts';
import type { Scope } from './dependencies.ts';
import { fetchInventoryObservations } from './observe-components.ts';
import { tellTransition } from './transitions.ts';
import { timestamp, writeStatus } from './write-status.ts';

/** Writes and tells a state that stands above the components, which are judged by what the inventory lists. */
export async function writeOverride(scope: Scope, override: Summary, restraints?: ObservedRestraints): Promise<void> {
  const previous = scope.status;
  const inventory = previous.inventory ?? [];
  const observations = await fetchInventoryObservations({ api: scope.deps.api, pods: scope.memory.pods }, inventory);
  const { generation } = scope;
  const now = timestamp(scope);
  await writeStatus(
    scope,
    computeStatus({
      observations,
      override,
      ...(restraints ? { restraints } : {}),
      inventory,
      generation,
      previous,
      now,
    }),
  );
  tellTransition(scope, previous);
}
