import { RENEWED_ANNOTATION } from '../../api/our-names.ts';
import { listSome } from '../../core/list-some.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { podTemplateOf } from '../../core/plan/pod-template.ts';
import { reviewProxy, type ReviewSurroundings } from '../../core/proxies/review-proxy.ts';
import type { WorkloadState } from '../../core/proxy-rollout/workload-state.ts';
import { ApiError } from '../../kube/errors.ts';
import type { RolloutDependencies } from './dependencies.ts';

/** Labels that only controllers set; a pod without an owner may have none of them. */
const OF_CONTROLLERS = ['pod-template-hash', 'controller-revision-hash'];

/**
 * Has the API server admit a pod of the workload by dry run, through all webhooks, and compares it with what injection
 * is to make: a webhook that does not answer, or still gives the old proxy, is found out before a pod has to go.
 * @returns what speaks against the restart; undefined where nothing does
 */
export async function findUnproven(
  { api }: Pick<RolloutDependencies, 'api'>,
  { object }: WorkloadState,
  surroundings: ReviewSurroundings,
): Promise<string | undefined> {
  const pod = podFor(object);
  if (!pod) return 'it has no pod template';
  try {
    const admitted = await api.create(pod, { dryRun: true });
    const review = reviewProxy({ ...admitted, apiVersion: 'v1', kind: 'Pod' }, withoutOwner(pod, object), surroundings);
    if (!review) return 'a pod of it was admitted without a proxy by dry run';
    if (review.state === 'current') return undefined;
    const what = 'differences' in review ? listSome(review.differences.map(({ path }) => path)) : review.why;
    return `a pod of it was admitted by dry run otherwise than injection makes it: ${what}`;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `a pod of it was not admitted by dry run: ${error.message}`;
  }
}

function podFor(workload: KubeObject): KubeObject | undefined {
  const template = podTemplateOf(workload);
  if (!template || !isJsonObject(template['spec'])) return undefined;
  const metadata = isJsonObject(template['metadata']) ? template['metadata'] : {};
  const { labels, annotations } = metadata as Partial<KubeObject['metadata']>;
  const { name, namespace } = workload.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name.slice(0, 50)}-dry-run`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels ? { labels: without(labels, OF_CONTROLLERS) } : {}),
      ...(annotations ? { annotations: without(annotations, [RENEWED_ANNOTATION]) } : {}),
    },
    spec: template['spec'],
  };
}

/** The workload as one of which the dry run's pod is: injection reads the names of owners. */
function withoutOwner(pod: KubeObject, workload: KubeObject): KubeObject {
  const template = { metadata: pod.metadata, spec: pod['spec'] };
  return { ...workload, kind: 'StatefulSet', spec: { template } };
}

function without(map: Record<string, string>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}
