import { REVISION_LABEL, TAG_LABEL } from '../../api/istio-names.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { listUnmetRequirements, meetsRequirements } from './admission-selector.ts';
import { DEFAULT_REVISION, parseRevisionPath } from './revision-path.ts';
import type { Labels, LabelSelector } from '../label-selector.ts';

/** One entry of a MutatingWebhookConfiguration that is called for new pods. */
export interface PodWebhook {
  /** Name of the MutatingWebhookConfiguration. */
  configuration: string;
  name: string;
  /** Path of its URL. */
  path: string;
  /** Revisions and tags that it injects for, as labels and path name them; none where nothing says so. */
  revisions: readonly string[];
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
}

const INJECTOR_LABEL = 'sidecar-injector';
const INJECTOR_NAME = /(^|\.)sidecar-injector\.istio\.io$/;
const INJECTOR_PATH = /^\/inject(\/|$)/;
const REVISION_PATH = '/inject/revision/';

/** The entries of a configuration that inject Istio's sidecar into new pods, by Istio's conventions of names. */
export function injectionWebhooksOf(configuration: KubeObject): PodWebhook[] {
  const isLabelled = configuration.metadata.labels?.app === INJECTOR_LABEL;
  const entries = Array.isArray(configuration.webhooks) ? (configuration.webhooks as Json[]) : [];
  return entries
    .filter(isJsonObject)
    .filter(isForNewPods)
    .map((entry) => podWebhook(configuration, entry))
    .filter(({ name, path }) => isLabelled || INJECTOR_NAME.test(name) || INJECTOR_PATH.test(path));
}

function isForNewPods({ rules }: JsonObject): boolean {
  const has = (list: Json | undefined, ...wanted: string[]): boolean =>
    Array.isArray(list) && wanted.some((value) => list.includes(value));
  return (Array.isArray(rules) ? rules : [])
    .filter(isJsonObject)
    .some(
      ({ operations, apiGroups, apiVersions, resources }) =>
        has(operations, 'CREATE', '*') &&
        has(apiGroups, '', '*') &&
        has(apiVersions, 'v1', '*') &&
        has(resources, 'pods', '*', '*/*'),
    );
}

function podWebhook({ metadata }: KubeObject, entry: JsonObject): PodWebhook {
  const { name, namespaceSelector, objectSelector, clientConfig } = entry;
  const path = pathOf(isJsonObject(clientConfig) ? clientConfig : {});
  const named = [REVISION_LABEL, TAG_LABEL].flatMap((label) => metadata.labels?.[label] ?? []);
  const ofPath = path.startsWith(REVISION_PATH) ? [parseRevisionPath(path).revision || DEFAULT_REVISION] : [];
  return {
    configuration: metadata.name,
    name: typeof name === 'string' ? name : '',
    path,
    revisions: [...new Set([...named, ...ofPath])],
    ...(isJsonObject(namespaceSelector) ? { namespaceSelector: namespaceSelector } : {}),
    ...(isJsonObject(objectSelector) ? { objectSelector: objectSelector } : {}),
  };
}

function pathOf({ url, service }: JsonObject): string {
  if (typeof url === 'string') return /^[^:]+:\/\/[^/]*([^?#]*)/.exec(url)?.[1] ?? '';
  const path = isJsonObject(service) ? service.path : undefined;
  return typeof path === 'string' ? path : '/';
}

/** What a webhook's selectors look at. */
export interface SelectionTarget {
  namespace: string;
  namespaceLabels: Readonly<Record<string, string>>;
  podLabels: Readonly<Record<string, string>>;
}

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whether the webhook looks at pods of the namespace at all. */
export function takesNamespace({ namespaceSelector }: PodWebhook, { metadata }: KubeObject): boolean {
  const { name: namespace, labels: namespaceLabels = {} } = metadata;
  return meetsRequirements(namespaceSelector, labelsOfNamespace({ namespace, namespaceLabels }));
}

/** Whether the API server calls the webhook for such a pod. */
export function selects({ namespaceSelector, objectSelector }: PodWebhook, target: SelectionTarget): boolean {
  return (
    meetsRequirements(namespaceSelector, labelsOfNamespace(target)) &&
    meetsRequirements(objectSelector, target.podLabels)
  );
}

/** Why the API server does not call the webhook for such a pod; undefined when it does. */
export function findUnselected(webhook: PodWebhook, target: SelectionTarget): string | undefined {
  return listObstacles(webhook, target)[0];
}

/** All that keeps the API server from calling the webhook for such a pod. */
export function listObstacles(webhook: PodWebhook, target: SelectionTarget): string[] {
  return [
    ...listUnmetRequirements(webhook.namespaceSelector, labelsOfNamespace(target)).map(
      (unmet) => `of the namespace it ${unmet}`,
    ),
    ...listUnmetRequirements(webhook.objectSelector, target.podLabels).map((unmet) => `of the pod it ${unmet}`),
  ];
}

function labelsOfNamespace({ namespace, namespaceLabels }: Omit<SelectionTarget, 'podLabels'>): Labels {
  return { [NAMESPACE_NAME]: namespace, ...namespaceLabels };
}
