import { errorText } from '../../core/error-text.ts';
import { FORCE_DELETE_ANNOTATION } from '../../api/our-names.ts';
import { REVISION_LABEL, TAG_LABEL } from '../../api/istio-names.ts';

import type { KubeObject } from '../../core/kube-object.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { describeRevisionUsers, findRevisionUsers, isUsedByRevision } from '../../core/plan/revision-users.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { slimPod } from '../injection-auditor/slim-pod.ts';
import type { PlanScope } from './dependencies.ts';

/** Injected pods and those that ask for a revision carry it, and so do gateways. */
const WITH_REVISION = { labelSelector: REVISION_LABEL };

/** Whether somebody asked for a removal whoever uses it. */
export function isForced(resource: KubeObject): boolean {
  return resource.metadata.annotations?.[FORCE_DELETE_ANNOTATION] === 'true';
}

/** Who would be left without injection or a control plane if the entries were removed, in a sentence; empty for nobody. */
export async function fetchUsersOf(
  { deps, resource }: Pick<PlanScope, 'deps' | 'resource'>,
  entries: readonly PruneEntry[],
): Promise<{ text: string; failures: string[] }> {
  if (isForced(resource)) return { text: '', failures: [] };
  try {
    const text = await fetchRevisionUsers(
      deps.api,
      entries.map(({ object }) => object),
    );
    return { text, failures: [] };
  } catch (error) {
    return { text: '', failures: [`who uses the revision could not be read: ${errorText(error)}`] };
  }
}

/** The same for live objects that are about to go. @throws ApiError when the cluster cannot be asked */
export async function fetchRevisionUsers(api: KubeApi, removed: readonly KubeObject[]): Promise<string> {
  if (!removed.some(isUsedByRevision)) return '';
  const [webhooks, namespaces, pods, deployments] = await Promise.all([
    api.list(INJECTOR_KIND),
    api.list({ apiVersion: 'v1', kind: 'Namespace' }, { metadataOnly: true }),
    api.list({ apiVersion: 'v1', kind: 'Pod' }, { ...WITH_REVISION, reduce: slimPod }),
    api.list({ apiVersion: 'apps/v1', kind: 'Deployment' }, { ...WITH_REVISION, metadataOnly: true }),
  ]);
  const users = describeRevisionUsers(
    findRevisionUsers({
      removed,
      webhooks: webhooks.items,
      namespaces: namespaces.items,
      pods: pods.items,
      deployments: deployments.items,
    }),
  );
  return users && `${namesOf(removed)} is in use by ${users}. ${WAY_OUT}`;
}

const WAY_OUT =
  'Move them to another revision (change the label, restart the pods), or set annotation ' +
  `${FORCE_DELETE_ANNOTATION}: "true": their new pods get no sidecar then`;

function namesOf(removed: readonly KubeObject[]): string {
  const revisions = removed
    .filter(isUsedByRevision)
    .map(({ metadata: { labels = {} } }) =>
      labels[TAG_LABEL] ? `tag ${labels[TAG_LABEL]}` : `revision ${labels[REVISION_LABEL] ?? 'default'}`,
    );
  return [...new Set(revisions)].sort().join(', ');
}
