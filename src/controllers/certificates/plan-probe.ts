import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { PROBE_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { PROBE_MESSAGE } from '../../webhooks/server/probe.ts';
import { isEqual } from '../../core/json-equality.ts';
import { isSelected, type LabelSelector } from '../../core/label-selector.ts';
import { entriesOf, isForDeletions, isOurs, type WebhookEntry } from '../../core/webhook-configuration.ts';

/** A dry run that only a working webhook refuses. */
export interface Probe {
  /** The entry whose denial is expected. */
  webhook: string;
  /** Entries that the API server calls in the same way: where it asks several, the first to deny is the one it names. */
  twins: readonly string[];
  object: KubeObject;
}

/** A namespace with its labels. */
export interface NamespaceLabels {
  name: string;
  labels: Readonly<Record<string, string>>;
}

const PROBE_NAME = 'sailwright-webhook-probe';
const ISTIO_OPERATOR_GROUP = 'install.istio.io';
/** Good places first: the usual ones are there and hold nothing up. */
const PREFERRED = ['default', USUAL_NAMESPACE];

/**
 * Finds an object that the API server must send to an entry of the configuration which calls us: a pod for injection,
 * for validation a Gateway without servers
 * or an IstioOperator of a profile that does not exist: the API server's own schema takes both. Undefined when no namespace
 * that exists is selected.
 * @param beside further configurations of the same kind
 */
export function planProbe(
  configuration: KubeObject,
  endpoint: WebhookEndpoint,
  { namespaces, beside }: { namespaces: readonly NamespaceLabels[]; beside: readonly KubeObject[] },
): Probe | undefined {
  const ranked = [...namespaces].sort((a, b) => rankOf(a.name) - rankOf(b.name));
  for (const entry of entriesOf(configuration)) {
    if (!isOurs(entry, endpoint) || isForDeletions(entry)) continue;
    const namespace = ranked.find(({ labels }) => isSelected(labels, entry.namespaceSelector));
    const labels = computeSelectedLabels(entry.objectSelector);
    if (namespace && labels)
      return {
        webhook: entry.name,
        twins: twinsOf(entry, [configuration, ...beside]),
        object: renderProbe(configuration.kind, entry, { namespace: namespace.name, labels }),
      };
  }
  return undefined;
}

function twinsOf({ clientConfig }: WebhookEntry, configurations: readonly KubeObject[]): string[] {
  return configurations
    .flatMap(entriesOf)
    .filter((other) => isEqual(other.clientConfig, clientConfig))
    .map(({ name }) => name);
}

function rankOf(name: string): number {
  const place = PREFERRED.indexOf(name);
  if (place >= 0) return place;
  return name.startsWith('kube-') ? PREFERRED.length + 1 : PREFERRED.length;
}

function renderProbe(
  kind: string,
  { rules = [] }: WebhookEntry,
  { namespace, labels }: { namespace: string; labels: Record<string, string> },
): KubeObject {
  const metadata = {
    name: PROBE_NAME,
    namespace,
    labels,
    annotations: { [PROBE_ANNOTATION]: 'true' },
  };
  if (rules.some(({ apiGroups }) => apiGroups?.includes(ISTIO_OPERATOR_GROUP))) {
    return {
      apiVersion: `${ISTIO_OPERATOR_GROUP}/v1alpha1`,
      kind: 'IstioOperator',
      metadata,
      spec: { profile: PROBE_NAME },
    };
  }
  if (kind === 'ValidatingWebhookConfiguration') {
    return { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata, spec: {} };
  }
  const container = { name: 'probe', image: 'sailwright-webhook-probe' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { automountServiceAccountToken: false, containers: [container] },
  };
}

/** The fewest labels that meet the selector; undefined when none can. */
export function computeSelectedLabels(selector: LabelSelector | undefined): Record<string, string> | undefined {
  const labels: Record<string, string> = { ...selector?.matchLabels };
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    if (operator === 'In') labels[key] ??= values?.[0] ?? '';
    if (operator === 'Exists') labels[key] ??= 'true';
  }
  return isSelected(labels, selector) ? labels : undefined;
}

/** What a dry run's error tells: the webhook denied, or something else came in between. */
export function isDenial(probe: Probe, message: string): boolean {
  const names = [probe.webhook, ...probe.twins];
  if (!names.some((name) => message.includes(`admission webhook "${name}" denied the request`))) return false;
  return probe.object.kind !== 'Pod' || message.includes(PROBE_MESSAGE);
}
