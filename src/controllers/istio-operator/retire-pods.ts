import { displayName, objectKey, type KubeObject } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { controllerOf, outgoingOf } from '../../core/plan/outgoing.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { findServicesOf, hasOtherEndpoint } from '../../core/plan/surge.ts';
import { computeWorkloadHealth } from '../../core/status/workload-health.ts';
import type { Scope } from './dependencies.ts';

const SLICE = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };

/** What the pass knows of the cluster. */
interface World {
  desired: readonly DesiredObject[];
  live: ReadonlyMap<string, KubeObject>;
}

/** What of the entries may be removed now. */
export interface Retirement {
  free: PruneEntry[];
  /** Former pods that still serve. */
  serving: PruneEntry[];
  /** What they wait for comes without an event here. */
  isSoon: boolean;
}

/**
 * Sets apart former pods of a Deployment that was made anew, until each Service of it has another ready endpoint.
 * @throws ApiError
 */
export async function findRetirable(scope: Scope, entries: readonly PruneEntry[], world: World): Promise<Retirement> {
  const result: Retirement = { free: [], serving: [], isSoon: false };
  for (const entry of entries) {
    const key = successorKey(entry.object);
    if (key === undefined || !world.desired.some((object) => object.key === key)) {
      result.free.push(entry);
      continue;
    }
    const successor = world.live.get(key);
    const isReady = successor !== undefined && computeWorkloadHealth(successor).state === 'ready';
    if (isReady && (await isReplaced(scope, entry.object, { successor, live: world.live }))) result.free.push(entry);
    else {
      result.serving.push(entry);
      result.isSoon ||= isReady;
    }
  }
  return result;
}

/** For the status. */
export function describeServing(entries: readonly PruneEntry[]): string {
  return `${entries.map(({ ref }) => displayName(ref)).join(', ')}: its pods serve until others do`;
}

/** Key of the Deployment that takes over from former pods; undefined for all else. */
function successorKey(object: KubeObject): string | undefined {
  const name = outgoingOf(object);
  const { namespace } = object.metadata;
  const place = namespace === undefined ? {} : { namespace };
  return name === undefined ? undefined : objectKey({ apiVersion: 'apps/v1', kind: 'Deployment', name, ...place });
}

async function isReplaced(
  { deps }: Scope,
  outgoing: KubeObject,
  { successor, live }: { successor: KubeObject; live: World['live'] },
): Promise<boolean> {
  // The former Deployment has not let go of it: it would only make another one.
  if (controllerOf(outgoing) !== undefined) return false;
  for (const { metadata } of findServicesOf(successor, live.values())) {
    const labelSelector = `kubernetes.io/service-name=${metadata.name}`;
    const { items } = await deps.api.list(SLICE, { namespace: metadata.namespace ?? '', labelSelector });
    if (!hasOtherEndpoint(items, outgoing)) return false;
  }
  return true;
}
