import { findAutoPod, findInjector, type PodsToFill } from '../../core/inject/find-injector.ts';
import { injectionWebhooksOf, type PodWebhook } from '../../core/inject/injection-webhooks.ts';
import { displayName, type KubeObject } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { entriesOf, INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { Dependencies } from './dependencies.ts';

/** A workload that is not written because no injector would fill in its pods. */
export interface AwaitedInjector {
  message: string;
  /** It comes by itself: the webhook is there, and its first answer is waited for. */
  isComing: boolean;
}

/** What is asked about them. */
export interface AwaitingScope {
  deps: Pick<Dependencies, 'api' | 'webhooks'>;
}

/**
 * Looks for the injectors of workloads whose pods have the image `auto`, and cannot start unless one fills them in.
 * Returns the workloads without one, by object key. Without `injectors`, those that are in the cluster now count.
 */
export async function fetchAwaitedInjectors(
  scope: AwaitingScope,
  objects: readonly DesiredObject[],
  injectors?: readonly KubeObject[],
): Promise<Map<string, AwaitedInjector>> {
  const awaited = new Map<string, AwaitedInjector>();
  const workloads = objects.flatMap((desired) => {
    const pod = findAutoPod(desired.object);
    return pod ? [{ desired, pod }] : [];
  });
  if (workloads.length === 0) return awaited;
  const items = injectors ?? (await scope.deps.api.list(INJECTOR_KIND)).items;
  for (const { desired, pod } of workloads) {
    const { namespace = '' } = desired.ref;
    const live = await scope.deps.api.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    const pods = { pod, namespace, namespaceLabels: live?.metadata.labels ?? {} };
    const found = findAwaited(scope, pods, items);
    if (!found) continue;
    const { obstacle, isComing } = found;
    const message = `${displayName(desired.ref)} has the image "auto", which an injector has to fill in: ${obstacle}`;
    awaited.set(desired.key, { message, isComing });
  }
  return awaited;
}

function findAwaited(
  scope: AwaitingScope,
  pods: PodsToFill,
  configurations: readonly KubeObject[],
): { obstacle: string; isComing: boolean } | undefined {
  const injector = findInjector(pods, configurations.flatMap(injectionWebhooksOf));
  if ('obstacle' in injector) return { ...injector, isComing: false };
  const obstacle = findUnproven(scope, injector, configurations);
  return obstacle === undefined ? undefined : { obstacle, isComing: true };
}

/** Why a webhook of ours cannot be relied on yet; with the policy `Fail` pods would be refused, not let through. */
function findUnproven(
  { deps }: AwaitingScope,
  { configuration, name }: PodWebhook,
  configurations: readonly KubeObject[],
): string | undefined {
  const found = configurations.find(({ metadata }) => metadata.name === configuration);
  const observed = found && deps.webhooks?.observe(found);
  if (!found || !observed || observed.proof?.isProven) return undefined;
  if (entriesOf(found).find((entry) => entry.name === name)?.failurePolicy === 'Fail') return undefined;
  return `webhook ${name} of ${configuration} has not answered yet${observed.proof ? `: ${observed.proof.message}` : ''}`;
}
