import { isJsonObject, type JsonObject, type KubeObject } from '../kube-object.ts';
import type { Pod } from '../inject/template-context.ts';

/** Labels by which controllers know their pods; no template has them, and injection reads some. */
const OF_CONTROLLERS: readonly string[] = [
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/job-completion-index',
];

/** Kinds whose pods have names that are known before they are made. */
const NAMES_PODS: ReadonlySet<string> = new Set(['StatefulSet']);

/** The pod that the workload of a pod would create in its place, as injection would see it. */
export function podAsCreated(pod: KubeObject, workload: KubeObject): Pod | undefined {
  const { template } = isJsonObject(workload['spec']) ? workload['spec'] : {};
  if (!isJsonObject(template) || !isJsonObject(template.spec)) return undefined;
  const metadata = isJsonObject(template.metadata) ? template.metadata : {};
  const { name, namespace, labels = {}, generateName, ownerReferences } = pod.metadata;
  const own = Object.fromEntries(Object.entries(labels).filter(([key]) => OF_CONTROLLERS.includes(key)));
  const { labels: givenLabels, annotations } = metadata as Partial<KubeObject['metadata']>;
  return {
    metadata: {
      ...(NAMES_PODS.has(workload.kind) ? { name } : {}),
      ...(namespace === undefined ? {} : { namespace }),
      ...(generateName === undefined ? {} : { generateName }),
      ownerReferences,
      labels: { ...own, ...givenLabels },
      ...(annotations ? { annotations } : {}),
    },
    spec: withAccount(template.spec),
  };
}

/** What admission fills in before injection sees the pod. */
function withAccount(spec: JsonObject): JsonObject {
  return { ...spec, serviceAccountName: spec.serviceAccountName ?? 'default' };
}
