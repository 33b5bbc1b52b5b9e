import { setTimeout as pause } from 'node:timers/promises';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { displayName, refOf, type KubeObject } from '../../core/kube-object.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Patience } from '../shell/await-resource.ts';
import { awaitWorkload } from '../shell/await-workload.ts';
import { InputError } from '../shell/input-error.ts';
import { applyAs, type PlannedObject } from './plan-objects.ts';

const LOOK_EVERY_MS = 250;

/**
 * Applies what is not as it should be, and waits until the operator runs and its resource is served. What was done stays
 * when it ends early, and doing it again goes on.
 * @throws ApiError, InputError
 */
export async function applyOperator(
  api: KubeApi,
  planned: readonly PlannedObject[],
  { force, patience }: { force: boolean; patience: Patience },
): Promise<void> {
  for (const { object, change } of planned) {
    if (change === 'same') continue;
    patience.onProgress(`applying ${displayName(refOf(object))}`);
    await applyAs(api, object, { force });
  }
  await awaitKind(api, patience);
  for (const { object } of planned) {
    if (object.kind !== 'Deployment' || (await awaitWorkload(api, object, patience))) continue;
    const { name, namespace = '' } = object.metadata;
    throw new InputError(
      `${displayName(refOf(object))} did not become ready in time: is its image (${imageOf(object)}) where the nodes pull from (--image names another)? Look with kubectl -n ${namespace} describe deployment ${name}; the same command goes on from here`,
    );
  }
}

async function awaitKind(api: KubeApi, { timeoutMs, onProgress }: Patience): Promise<void> {
  const end = performance.now() + timeoutMs;
  const { apiVersion, kind } = ISTIO_OPERATOR;
  while ((await api.scopeOf({ apiVersion, kind })) === undefined) {
    if (performance.now() >= end)
      throw new InputError(`the API server does not serve ${kind} although its definition was applied`);
    onProgress(`waiting for the API server to serve ${kind}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** The image that an operator in the cluster runs; undefined where there is none. */
export function imageOf(deployment: KubeObject | undefined): string | undefined {
  const { template } = (deployment?.['spec'] ?? {}) as { template?: { spec?: { containers?: { image?: string }[] } } };
  return template?.spec?.containers?.[0]?.image;
}
