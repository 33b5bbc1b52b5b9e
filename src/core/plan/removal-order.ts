import { COMPONENT_LABEL } from '../../api/our-names.ts';
import { phaseIndexOf, rankOf } from './phases.ts';
import type { PruneEntry } from './plan-prune.ts';

const WEBHOOKS = new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);

/**
 * Entries in the stages of their removal; one that fails holds up those after it. Workloads and what belongs to them go
 * first, the last phase before the first. Webhooks protect until nothing else is left: without them new pods would run
 * without a sidecar, and bad configuration would be stored. Last of all goes what the operator injects from: while a
 * webhook is there, pods can be created only if it can be answered.
 */
export function orderRemoval(entries: readonly PruneEntry[]): PruneEntry[][] {
  const place = ({ component, ref }: PruneEntry): number => phaseIndexOf(component) * 100 + rankOf(ref.kind);
  const stages: PruneEntry[][] = [[], [], []];
  for (const entry of [...entries].sort((a, b) => place(b) - place(a))) stages[stageOf(entry)]?.push(entry);
  return stages.filter((stage) => stage.length > 0);
}

function stageOf({ ref, object }: PruneEntry): number {
  if (WEBHOOKS.has(ref.kind)) return 1;
  return ref.kind === 'ConfigMap' && object.metadata.labels?.[COMPONENT_LABEL] === 'Pilot' ? 2 : 0;
}
