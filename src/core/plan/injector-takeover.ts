import { HAND_OVER_MANAGER, POLICY_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import { entriesOf, type WebhookEntry } from '../webhook-configuration.ts';
import type { FieldsV1, ManagedFieldsEntry } from './field-ownership.ts';

/** Of an injector that becomes ours: what is written before the address of its entries changes. */
export interface InjectorTakeover {
  /** Owner of bundles and policies from then on: the apply which follows leaves them as they are. */
  owners: ManagedFieldsEntry[];
  /** Bundles (base64 of PEM) by the index of their entry. */
  bundles: ReadonlyMap<number, string>;
}

/**
 * Makes the entries of another installer's injector trust both servers and keep `failurePolicy: Fail`, so that the one
 * write which changes their address leaves no moment without an answer. Entries that we do not render are left alone: who
 * owns a part of one keeps it from being removed.
 */
export function planInjectorTakeover(live: KubeObject, desired: KubeObject, bundle: string): InjectorTakeover {
  const wanted = new Set(entriesOf(desired).map(({ name }) => name));
  const kept = entriesOf(live).map((entry, index) => ({ entry, index }));
  const both = kept.filter(({ entry }) => wanted.has(entry.name) && entry.failurePolicy === 'Fail');
  const names = both.map(({ entry }) => entry.name);
  const ownerOf = (manager: string, field: FieldsV1): ManagedFieldsEntry => ({
    manager,
    operation: 'Update',
    apiVersion: live.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:webhooks': Object.fromEntries(names.map((name) => [`k:${JSON.stringify({ name })}`, field])) },
  });
  return {
    owners:
      names.length === 0
        ? []
        : [
            ownerOf(POLICY_MANAGER, { 'f:failurePolicy': {} }),
            ownerOf(HAND_OVER_MANAGER, { 'f:clientConfig': { 'f:caBundle': {} } }),
          ],
    bundles: new Map(both.map(({ entry, index }) => [index, withBundle(entry, bundle)])),
  };
}

function withBundle({ clientConfig: { caBundle } }: WebhookEntry, bundle: string): string {
  if (caBundle === undefined || caBundle === '') return bundle;
  const former = atob(caBundle);
  const ours = atob(bundle);
  return former.includes(ours) ? caBundle : btoa(`${former.trimEnd()}\n${ours}`);
}
