import {
  DATAPLANE_MODE_LABEL,
  INJECT_LABEL,
  NAMESPACE_INJECTION_LABEL,
  REVISION_LABEL,
  STATUS_ANNOTATION,
  SYSTEM_NAMESPACES,
} from '../../api/istio-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import type { Pausable } from '../pausable.ts';
import { selects, takesNamespace, type PodWebhook } from './injection-webhooks.ts';
import { isAlive, isInjected } from './missed-pods.ts';

/** What asks for injection, and who could answer. */
export interface UnservedInput {
  namespaces: readonly KubeObject[];
  pods: readonly KubeObject[];
  /** Injection webhooks of all installers. */
  webhooks: readonly PodWebhook[];
}

/** Why nothing serves a label; stable, metrics carry it. */
export const UNSERVED_REASONS = ['RevisionNotFound', 'NoDefaultInjector'] as const;
export type UnservedReason = (typeof UNSERVED_REASONS)[number];

/** A namespace or a pod whose label asks for an injector that is not there: new pods get no sidecar. */
export interface UnservedLabel {
  object: KubeObject;
  /** As in `kubectl label`, e.g. `istio.io/rev=canary`. */
  label: string;
  reason: UnservedReason;
}

/**
 * Finds labels that ask for injection which no webhook does, whoever installed it: a revision or tag that is not there,
 * or the default one. A pod is asked only where its namespace says nothing, since the namespace's word counts first.
 */
export function* findUnservedLabels({ namespaces, pods, webhooks }: UnservedInput): Pausable<UnservedLabel[]> {
  const byName = new Map(namespaces.map((object) => [object.metadata.name, object]));
  const isServed = (pod: KubeObject): boolean => {
    const { namespace = '', labels = {} } = pod.metadata;
    const namespaceLabels = byName.get(namespace)?.metadata.labels ?? {};
    return webhooks.some((each) => selects(each, { namespace, namespaceLabels, podLabels: labels }));
  };
  const found: UnservedLabel[] = [];
  for (const object of namespaces) {
    yield;
    const label = isJudged(object) ? labelOfNamespace(object) : undefined;
    if (label && !webhooks.some((each) => takesNamespace(each, object))) found.push(unserved(object, label));
  }
  for (const pod of pods) {
    yield;
    const namespace = byName.get(pod.metadata.namespace ?? '');
    const label = namespace && isJudged(namespace) && isOpen(namespace) ? labelOfPod(pod) : undefined;
    if (label && !isServed(pod)) found.push(unserved(pod, label));
  }
  return found;
}

type Label = [key: string, value: string];

function unserved(object: KubeObject, [key, value]: Label): UnservedLabel {
  const isNamed = key === REVISION_LABEL && value !== 'default';
  return { object, label: `${key}=${value}`, reason: isNamed ? 'RevisionNotFound' : 'NoDefaultInjector' };
}

function isJudged({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined && !SYSTEM_NAMESPACES.includes(metadata.name);
}

/** Whether the namespace leaves the question to its pods. */
function isOpen({ metadata: { labels = {} } }: KubeObject): boolean {
  return labels[NAMESPACE_INJECTION_LABEL] === undefined && labels[REVISION_LABEL] === undefined;
}

/** In ambient mode the label says who serves waypoints; pods need no sidecar. */
function labelOfNamespace({ metadata: { labels = {} } }: KubeObject): Label | undefined {
  if (labels[DATAPLANE_MODE_LABEL] === 'ambient') return undefined;
  const { [NAMESPACE_INJECTION_LABEL]: choice, [REVISION_LABEL]: revision } = labels;
  if (choice !== undefined) return choice === 'enabled' ? [NAMESPACE_INJECTION_LABEL, choice] : undefined;
  return revision === undefined ? undefined : [REVISION_LABEL, revision];
}

function labelOfPod(pod: KubeObject): Label | undefined {
  const { labels = {}, annotations = {} } = pod.metadata;
  const { [INJECT_LABEL]: choice = annotations[INJECT_LABEL], [REVISION_LABEL]: revision } = labels;
  if (choice === 'false' || !isAlive(pod) || !isOfInjection(pod)) return undefined;
  if (revision !== undefined) return [REVISION_LABEL, revision];
  return labels[INJECT_LABEL] === 'true' ? [INJECT_LABEL, 'true'] : undefined;
}

/** Pods on the host network get none, and a proxy of its own needs none. */
function isOfInjection(pod: KubeObject): boolean {
  if (isJsonObject(pod.spec) && pod.spec.hostNetwork === true) return false;
  return pod.metadata.annotations?.[STATUS_ANNOTATION] !== undefined || !isInjected(pod);
}

const MAX_LABELS = 5;
const WAY_OUT = 'Install that revision, a tag of that name or a default revision, or change the labels';

/** How many there are by label, and the first of them, for a person; empty for none. */
export function describeUnservedLabels(found: readonly UnservedLabel[]): string {
  if (found.length === 0) return '';
  const labels = [...new Set(found.map(({ label }) => label))].sort();
  const parts = labels.slice(0, MAX_LABELS).map((label) => {
    const objects = found.filter((each) => each.label === label).map(({ object }) => object);
    return `${label} on ${[...countKind(objects, 'Namespace'), ...countKind(objects, 'Pod')].join(' and ')}`;
  });
  const rest = labels.length - MAX_LABELS;
  const more = rest > 0 ? `; and ${rest} more ${rest === 1 ? 'label' : 'labels'}` : '';
  return `labels ask for an injector that is not there, so new pods get no sidecar: ${parts.join('; ')}${more}. ${WAY_OUT}`;
}

function countKind(objects: readonly KubeObject[], kind: string): string[] {
  const names = objects
    .filter((object) => object.kind === kind)
    .map(({ metadata: { namespace, name } }) => (namespace ? `${namespace}/${name}` : name))
    .sort();
  const what = names.length === 1 ? kind.toLowerCase() : `${kind.toLowerCase()}s`;
  return names.length > 0 ? [`${names.length} ${what} (${listSome(names)})`] : [];
}
