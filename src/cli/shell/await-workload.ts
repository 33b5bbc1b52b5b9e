import { setTimeout as sleep } from 'node:timers/promises';
import { displayName, refOf, type KubeObject } from '../../core/kube-object.ts';
import { computeWorkloadHealth } from '../../core/status/workload-health.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Patience } from './await-resource.ts';

const INTERVAL_MS = 1000;

/** Waits until a workload is ready; false when it took too long. @throws ApiError */
export async function awaitWorkload(
  api: Pick<KubeApi, 'get'>,
  object: KubeObject,
  { timeoutMs, onProgress }: Patience,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const live = await api.get(refOf(object));
    if (live && computeWorkloadHealth(live).state === 'ready') return true;
    if (performance.now() >= end) return false;
    onProgress(`waiting for ${displayName(refOf(object))}`);
    await sleep(INTERVAL_MS);
  }
}
