import type { KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { conditionOf } from '../status/live-condition.ts';
import { timeOf } from '../status/pods/pod-view.ts';
import type { GateVerdict } from '../steps/step-plan.ts';
import type { ReadinessFinding } from './readiness.ts';

/** Pods that were ready when STRICT was set and are not any more, such as those whose probes it refuses. */
export function judgePods(pods: readonly KubeObject[], strictSince: number): GateVerdict {
  const name = 'pods';
  const lost = pods.filter((pod) => {
    if (pod.metadata['deletionTimestamp'] !== undefined) return false;
    const made = timeOf(pod.metadata['creationTimestamp']);
    const ready = conditionOf(pod, 'Ready');
    const since = timeOf(ready?.lastTransitionTime);
    return made !== undefined && made < strictSince && ready?.status === 'False' && (since ?? 0) >= strictSince;
  });
  if (lost.length === 0) return { name, result: 'good', text: `${pods.length} pods` };
  const text = `not ready any more since STRICT: ${listSome(lost.map(({ metadata }) => metadata.name))}`;
  return { name, result: 'bad', text };
}

/** Whether somebody came after STRICT was set whom it cuts off. */
export function judgeFindings(report: readonly ReadinessFinding[]): GateVerdict {
  const name = 'readiness';
  const blocking = report.filter(({ blocks }) => blocks);
  if (blocking.length === 0) return { name, result: 'good', text: 'nobody is known whom STRICT cuts off' };
  return { name, result: 'bad', text: describeFindings(blocking) };
}

/** `PodsWithoutProxy (shop/batch); PlaintextCallers (legacy/cron)` */
export function describeFindings(findings: readonly ReadinessFinding[]): string {
  return findings.map(({ reason, names }) => `${reason} (${listSome(names, 3)})`).join('; ');
}
