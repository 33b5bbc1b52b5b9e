import { HAND_OVER_MANAGER, POLICY_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import { entriesOf, INJECTOR_KIND, type WebhookEntry } from '../webhook-configuration.ts';
import type { FieldsV1, ManagedFieldsEntry } from './field-ownership.ts';

/** Of webhooks that become ours: what is written before the address of their entries changes. */
export interface TakenWebhooks {
  /** Owner of bundles and policies from then on: the apply which follows leaves them as they are. */
  owners: ManagedFieldsEntry[];
  /** Bundles (base64 of PEM) by the index of their entry. */
  bundles: ReadonlyMap<number, string>;
  /** Indices of entries that let pass what nobody answers, until we are proven to answer. */
  lenient: readonly number[];
}

/**
 * Makes the entries of another installer's webhooks trust both servers, so that the one write which changes their address
 * leaves no moment without an answer. Those of an injector keep `failurePolicy: Fail`: it changes once we are proven by
 * those of validation, which have nobody before them and so do not bind meanwhile. Entries that we do not render are left
 * alone: who owns a part of one keeps it from being removed.
 */
export function planWebhookTakeover(live: KubeObject, desired: KubeObject, bundle: string): TakenWebhooks {
  const isInjector = live.kind === INJECTOR_KIND.kind;
  const wanted = new Set(entriesOf(desired).map(({ name }) => name));
  const kept = entriesOf(live).map((entry, index) => ({ entry, index, isBinding: entry.failurePolicy === 'Fail' }));
  const both = kept.filter(({ entry, isBinding }) => wanted.has(entry.name) && (isBinding || !isInjector));
  const names = both.map(({ entry }) => entry.name);
  const ownerOf = (manager: string, field: FieldsV1): ManagedFieldsEntry => ({
    manager,
    operation: 'Update',
    apiVersion: live.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:webhooks': Object.fromEntries(names.map((name) => [`k:${JSON.stringify({ name })}`, field])) },
  });
  const owners = [
    ...(isInjector ? [ownerOf(POLICY_MANAGER, { 'f:failurePolicy': {} })] : []),
    ownerOf(HAND_OVER_MANAGER, { 'f:clientConfig': { 'f:caBundle': {} } }),
  ];
  return {
    owners: names.length === 0 ? [] : owners,
    bundles: new Map(both.map(({ entry, index }) => [index, withBundle(entry, bundle)])),
    lenient: isInjector ? [] : both.filter(({ isBinding }) => isBinding).map(({ index }) => index),
  };
}

function withBundle({ clientConfig: { caBundle } }: WebhookEntry, bundle: string): string {
  if (caBundle === undefined || caBundle === '') return bundle;
  const former = atob(caBundle);
  const ours = atob(bundle);
  return former.includes(ours) ? caBundle : btoa(`${former.trimEnd()}\n${ours}`);
}
