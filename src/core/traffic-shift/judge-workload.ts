import { displayName, isJsonObject, refOf, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { conditionOf } from '../status/live-condition.ts';
import { describeTrouble } from '../status/pods/describe-trouble.ts';
import { findPodTrouble } from '../status/pods/pod-trouble.ts';
import { computeWorkloadHealth } from '../status/workload-health.ts';
import type { GateVerdict } from '../steps/step-plan.ts';

/** Whether the Deployment of the new destination runs, as its own status and its pods say: needs no Prometheus. */
export function judgeWorkload(deployment: KubeObject, pods: readonly KubeObject[], now: number): GateVerdict {
  const name = 'workload';
  const failures = pods
    .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)
    .flatMap((pod) => {
      const trouble = findPodTrouble(pod, now);
      const verdict = trouble && describeTrouble({ trouble, isFormer: false, alike: 0 });
      return verdict?.isFailure ? [`pod ${pod.metadata.name}: ${verdict.text}`] : [];
    });
  if (failures.length > 0) return { name, result: 'bad', text: listSome(failures, 2) };
  const { state, message } = computeWorkloadHealth(deployment);
  if (state === 'failed') return { name, result: 'bad', text: message };
  if (availableOf(deployment) === 0) {
    return { name, result: 'bad', text: `${displayName(refOf(deployment))} has no pod that is ready` };
  }
  // An autoscaler may ask for more pods at any time: enough of them is enough.
  const isEnough = state === 'ready' || conditionOf(deployment, 'Available')?.status === 'True';
  if (!isEnough) return { name, result: 'unknown', text: message };
  return { name, result: 'good', text: `${displayName(refOf(deployment))} runs` };
}

function availableOf({ status }: KubeObject): number {
  const available = isJsonObject(status) ? status['availableReplicas'] : undefined;
  return typeof available === 'number' ? available : 0;
}
