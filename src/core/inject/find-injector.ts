import { REVISION_LABEL } from '../../api/istio-names.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { decide } from './decide.ts';
import { listObstacles, type PodWebhook } from './injection-webhooks.ts';
import { DEFAULT_REVISION } from './revision-path.ts';
import type { Pod } from './template-context.ts';

/** An image that only an injector can replace. */
const AUTO = 'auto';
/** Whatever a control plane's settings are, what its pods say of themselves counts first. */
const ANY_POLICY = { policy: 'enabled', neverInjectSelectors: [], alwaysInjectSelectors: [] };

/** The pods of a workload that an injector has to fill in; undefined for workloads that can do without. */
export function findAutoPod(workload: KubeObject): Pod | undefined {
  const spec = isJsonObject(workload.spec) ? workload.spec : {};
  const template = isJsonObject(spec['template']) ? spec['template'] : {};
  const { metadata, spec: podSpec } = template;
  const containers = isJsonObject(podSpec) && Array.isArray(podSpec['containers']) ? podSpec['containers'] : [];
  if (!containers.some((container) => isJsonObject(container) && container['image'] === AUTO)) return undefined;
  return { metadata: isJsonObject(metadata) ? metadata : {}, spec: podSpec as JsonObject };
}

/** Pods as the API server would ask webhooks about them. */
export interface PodsToFill {
  pod: Pod;
  namespace: string;
  namespaceLabels: Readonly<Record<string, string>>;
}

/**
 * Finds the webhook that fills in such pods: of the revision that the pods name, and of any where they name none, since
 * the namespace decides then. Otherwise says what is in the way.
 */
export function findInjector(
  { pod, namespace, namespaceLabels }: PodsToFill,
  webhooks: readonly PodWebhook[],
): PodWebhook | { obstacle: string } {
  const decision = decide(pod, namespace, ANY_POLICY);
  if (!decision.inject) return { obstacle: decision.message };
  const target = { namespace, namespaceLabels, podLabels: pod.metadata.labels ?? {} };
  const wanted = target.podLabels[REVISION_LABEL];
  const candidates = webhooks.filter(({ revisions }) => isServed(wanted, revisions));
  if (candidates.length === 0) return { obstacle: absence(wanted, webhooks) };
  const [nearest] = candidates
    .map((webhook) => ({ webhook, obstacles: listObstacles(webhook, target) }))
    .sort((a, b) => a.obstacles.length - b.obstacles.length);
  if (!nearest || nearest.obstacles.length === 0) return nearest?.webhook ?? { obstacle: absence(wanted, webhooks) };
  return { obstacle: describe(nearest.webhook, nearest.obstacles) };
}

function isServed(wanted: string | undefined, revisions: readonly string[]): boolean {
  return wanted === undefined || revisions.length === 0 || revisions.includes(wanted);
}

function describe({ configuration, name }: PodWebhook, obstacles: readonly string[]): string {
  return `MutatingWebhookConfiguration ${configuration} (webhook ${name}) does not select them: ${obstacles.join(', ')}`;
}

function absence(wanted: string | undefined, webhooks: readonly PodWebhook[]): string {
  const known = [...new Set(webhooks.flatMap(({ revisions }) => revisions))].sort();
  const others = known.length > 0 ? `; there are injectors for ${listSome(known)}` : '';
  return `no webhook in the cluster injects for revision ${wanted ?? DEFAULT_REVISION}${others}`;
}
