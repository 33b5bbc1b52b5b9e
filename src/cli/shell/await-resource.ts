import { setTimeout as sleep } from 'node:timers/promises';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

const INTERVAL_MS = 1000;

/** A condition as it is now. */
export type Condition = NonNullable<IstioOperatorStatus['conditions']>[number];

/** How to wait. */
export interface Patience {
  timeoutMs: number;
  /** Hears of each new state of affairs. */
  onProgress: (text: string) => void;
}

/** The conditions of the resource's present generation; none while the operator has not seen it. */
export function currentConditions({ metadata, status }: KubeObject): readonly Condition[] {
  const { observedGeneration, conditions = [] } = (status ?? {}) as IstioOperatorStatus;
  return observedGeneration === metadata['generation'] ? conditions : [];
}

/**
 * Waits until a rule gives an answer by the conditions of the resource. Undefined when it took too long.
 * @throws ApiError
 */
export async function awaitResource<T>(
  api: KubeApi,
  owner: Owner,
  decide: (conditions: readonly Condition[]) => T | undefined,
  { timeoutMs, onProgress }: Patience,
): Promise<T | undefined> {
  const end = performance.now() + timeoutMs;
  let told = '';
  for (;;) {
    const resource = await api.get({ ...ISTIO_OPERATOR, ...owner });
    const conditions = resource ? currentConditions(resource) : [];
    const answer = decide(conditions);
    if (answer !== undefined) return answer;
    const text =
      conditions.find(({ type }) => type === 'Ready')?.message ?? `no operator has answered for ${ownerKey(owner)} yet`;
    if (text !== told) onProgress(text);
    told = text;
    if (performance.now() >= end) return undefined;
    await sleep(INTERVAL_MS);
  }
}
