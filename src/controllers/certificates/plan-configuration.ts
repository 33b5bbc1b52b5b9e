import { CA_MANAGER, FAILURE_POLICY_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isPathOwned, managedFieldsOf } from '../../core/plan/field-ownership.ts';
import { type WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { entriesOf, isForDeletions, isOurs, type WebhookEntry } from '../../core/webhook-configuration.ts';

/** One operation of a JSON patch. */
export interface Operation {
  op: 'test' | 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/**
 * Gives every entry that calls us the bundle (base64 of PEM), and takes ours from entries that call somebody else now.
 * Empty when nothing is to be done. A JSON patch, not an apply: an apply would also own the entry's name, and the
 * entry could then no longer be removed by those who render the configuration.
 */
export function planCaBundle(configuration: KubeObject, endpoint: WebhookEndpoint, bundle: string): Operation[] {
  const operations = entriesOf(configuration).flatMap((entry, index): Operation[] => {
    const path = `/webhooks/${index}/clientConfig/caBundle`;
    const { caBundle } = entry.clientConfig;
    if (isOurs(entry, endpoint)) return caBundle === bundle ? [] : [{ op: 'add', path, value: bundle }];
    return caBundle !== undefined && isBundleOurs(configuration, entry) ? [{ op: 'remove', path }] : [];
  });
  return guarded(configuration, operations);
}

function isBundleOurs(configuration: KubeObject, { name }: WebhookEntry): boolean {
  const path = ['f:webhooks', `k:${JSON.stringify({ name })}`, 'f:clientConfig', 'f:caBundle'];
  return managedFieldsOf(configuration).some(
    ({ manager, fieldsV1 }) => manager === CA_MANAGER && fieldsV1 !== undefined && isPathOwned(fieldsV1, path),
  );
}

/** Lets a webhook that does not answer block what it should judge. Empty when all entries do so, or a person chose. */
export function planFailurePolicy(configuration: KubeObject, endpoint: WebhookEndpoint): Operation[] {
  if (isPolicyFixed(configuration)) return [];
  const operations = entriesOf(configuration).flatMap((entry, index): Operation[] => {
    if (!isOurs(entry, endpoint) || isForDeletions(entry) || entry.failurePolicy === 'Fail') return [];
    return [{ op: 'add', path: `/webhooks/${index}/failurePolicy`, value: 'Fail' }];
  });
  return guarded(configuration, operations);
}

function isPolicyFixed({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[FAILURE_POLICY_ANNOTATION] === 'fixed';
}

/** Indices mean something else once the list has changed. */
export function guarded({ metadata }: KubeObject, operations: Operation[]): Operation[] {
  if (operations.length === 0) return [];
  return [{ op: 'test', path: '/metadata/resourceVersion', value: metadata['resourceVersion'] }, ...operations];
}

/** Whether all entries that call us carry the bundle. */
export function isBundleIn(configuration: KubeObject, endpoint: WebhookEndpoint, bundle: string): boolean {
  return entriesOf(configuration)
    .filter((entry) => isOurs(entry, endpoint))
    .every(({ clientConfig }) => clientConfig.caBundle === bundle);
}
