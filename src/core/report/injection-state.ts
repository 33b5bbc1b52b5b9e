import { compileInjectionConfig } from '../inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../inject/control-plane-config.ts';
import { findControlPlane } from '../inject/control-plane-objects.ts';
import type { InjectionPolicy } from '../inject/decide.ts';
import type { PodWebhook } from '../inject/injection-webhooks.ts';
import { findMissedPods } from '../inject/missed-pods.ts';
import { DEFAULT_REVISION, parseRevisionPath } from '../inject/revision-path.ts';
import { finish } from '../pausable.ts';
import { InjectionError } from '../inject/template-context.ts';
import { findUnservedLabels } from '../inject/unserved-labels.ts';
import type { KubeObject } from '../kube-object.ts';
import type { InjectionState } from './mesh-report.ts';
import { revisionOfWebhook } from './stale-proxies.ts';
import { countRows, workloadOfPod } from './workload-of-pod.ts';

/** What injection is looked for among. */
export interface InjectionInput {
  pods: readonly KubeObject[];
  namespaces: ReadonlyMap<string, KubeObject>;
  webhooks: readonly PodWebhook[];
  /** ConfigMaps and Deployments, among them those of control planes. */
  objects: readonly KubeObject[];
}

/** Pods that should have a sidecar and have none, and labels that nothing serves. */
export function describeInjection({ pods, namespaces, webhooks, objects }: InjectionInput): InjectionState {
  const policies = new Map(webhooks.map((webhook) => [webhook, readInjectionPolicy(objects, webhook)]));
  const policyOf = (webhook: PodWebhook): InjectionPolicy | undefined => {
    const policy = policies.get(webhook);
    return policy && 'problem' in policy ? undefined : policy;
  };
  const missed = finish(findMissedPods({ pods, namespaces, webhooks, policyOf }));
  const byName = new Map(pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
  return {
    missed: countRows(
      missed.flatMap(({ namespace, name, webhook }) => {
        const pod = byName.get(`${namespace}/${name}`);
        return pod ? [{ ...workloadOfPod(pod), webhook: webhook.configuration }] : [];
      }),
    ),
    unserved: finish(findUnservedLabels({ namespaces: [...namespaces.values()], pods, webhooks })).map(
      ({ object: { kind, metadata }, label, reason }) => ({
        kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        label,
        reason,
      }),
    ),
    unread: [...policies].flatMap(([{ configuration }, policy]) =>
      'problem' in policy ? [{ webhook: configuration, problem: policy.problem }] : [],
    ),
  };
}

/** What decides about injection behind a webhook. */
export function readInjectionPolicy(
  objects: readonly KubeObject[],
  webhook: PodWebhook,
): InjectionPolicy | { problem: string } {
  const { namespace } = parseRevisionPath(webhook.path);
  const named = revisionOfWebhook(webhook) ?? DEFAULT_REVISION;
  const plane = findControlPlane(
    objects.filter(({ metadata }) => metadata.namespace === namespace),
    named === DEFAULT_REVISION ? '' : named,
  );
  if (!plane) return { problem: `revision ${named} has no configuration of injection in namespace ${namespace}` };
  try {
    return compileInjectionConfig(readControlPlaneConfig(plane));
  } catch (error) {
    if (error instanceof InjectionError) return { problem: error.message };
    throw error;
  }
}
