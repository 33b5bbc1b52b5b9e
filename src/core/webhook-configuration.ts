import { MANAGED_LABEL } from '../api/our-names.ts';
import { isJsonObject, type KubeObject } from './kube-object.ts';
import type { LabelSelector } from './label-selector.ts';
import { SAILWRIGHT_SERVICE, type WebhookEndpoint } from './operator-endpoint.ts';

export const WEBHOOK_KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;

/** What injects. */
export const INJECTOR_KIND = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };

/** One entry of a webhook configuration, as far as it matters here. */
export interface WebhookEntry {
  name: string;
  clientConfig: { caBundle?: string; url?: string; service?: { name?: string; namespace?: string; path?: string } };
  rules?: { apiGroups?: string[]; operations?: string[] }[];
  failurePolicy?: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
}

/** The entries of a configuration, in order. */
export function entriesOf(configuration: KubeObject): WebhookEntry[] {
  const { webhooks } = configuration;
  if (!Array.isArray(webhooks)) return [];
  return webhooks.map((entry: unknown) => {
    const webhook = isJsonObject(entry) ? entry : {};
    return { ...webhook, clientConfig: webhook['clientConfig'] ?? {} } as unknown as WebhookEntry;
  });
}

/** Whether the entry is called for deletions alone. They must stay possible without it: finalizers hold what matters. */
export function isForDeletions({ rules = [] }: WebhookEntry): boolean {
  return rules.length > 0 && rules.every(({ operations }) => operations?.every((operation) => operation === 'DELETE'));
}

/** Whether the entry calls this operator. */
export function isOurs({ clientConfig }: WebhookEntry, endpoint: WebhookEndpoint): boolean {
  const { service, url } = clientConfig;
  if (service) {
    const { namespace = SAILWRIGHT_SERVICE.namespace } = endpoint;
    return service.name === SAILWRIGHT_SERVICE.name && service.namespace === namespace;
  }
  if (url === undefined || endpoint.url === undefined) return false;
  return url === endpoint.url || url.startsWith(`${endpoint.url.replace(/\/$/, '')}/`);
}

/** Where the operator is, as the configurations that it keeps tell, else those that call its Service. */
export function endpointIn(configurations: readonly KubeObject[]): WebhookEndpoint | undefined {
  const isKept = ({ metadata }: KubeObject): boolean => metadata.labels?.[MANAGED_LABEL] === 'true';
  const clientsOf = (objects: readonly KubeObject[]): WebhookEntry['clientConfig'][] =>
    objects.flatMap(entriesOf).map(({ clientConfig }) => clientConfig);
  const kept = clientsOf(configurations.filter(isKept)).find(({ url }) => url !== undefined && URL.canParse(url));
  if (kept?.url !== undefined) return { url: new URL(kept.url).origin };
  const services = clientsOf(configurations).map(({ service }) => service);
  const namespace = services.find((service) => service?.name === SAILWRIGHT_SERVICE.name)?.namespace;
  return namespace === undefined ? undefined : { namespace };
}

/** The path by which an entry of ours calls this operator. */
export function pathOf({ clientConfig: { service, url } }: WebhookEntry, endpoint: WebhookEndpoint): string {
  if (service) return service.path ?? '/';
  const base = endpoint.url?.replace(/\/$/, '') ?? '';
  return (url ?? '').slice(base.length) || '/';
}
