import { HAND_OVER_MANAGER, POLICY_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import { entriesOf, type WebhookEntry } from '../webhook-configuration.ts';
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

/** By whom webhooks are answered from then on. */
export interface NewServer {
  /** Base64 of PEM. */
  bundle: string;
  /** Whether the API server was seen to reach it. */
  isReached: boolean;
}

/**
 * Makes the entries of another installer's webhooks trust both servers, so that the one write which changes their address
 * leaves no moment without an answer. Where the API server was seen to reach us they keep `failurePolicy: Fail`;
 * otherwise they bind nobody until we are proven. Entries that we do not render are left alone: who owns a part of one
 * keeps it from being removed.
 */
export function planWebhookTakeover(live: KubeObject, desired: KubeObject, server: NewServer): TakenWebhooks {
  const wanted = new Set(entriesOf(desired).map(({ name }) => name));
  const taken = entriesOf(live)
    .map((entry, index) => ({ entry, index }))
    .filter(({ entry }) => wanted.has(entry.name));
  const binding = taken.filter(({ entry }) => entry.failurePolicy === 'Fail');
  const kept = server.isReached ? binding : [];
  const ownerOf = (manager: string, of: typeof taken, field: FieldsV1): ManagedFieldsEntry[] => {
    if (of.length === 0) return [];
    const fields = of.map(({ entry: { name } }) => [`k:${JSON.stringify({ name })}`, field]);
    const fieldsV1 = { 'f:webhooks': Object.fromEntries(fields) as FieldsV1 };
    return [{ manager, operation: 'Update', apiVersion: live.apiVersion, fieldsType: 'FieldsV1', fieldsV1 }];
  };
  return {
    owners: [
      ...ownerOf(POLICY_MANAGER, kept, { 'f:failurePolicy': {} }),
      ...ownerOf(HAND_OVER_MANAGER, taken, { 'f:clientConfig': { 'f:caBundle': {} } }),
    ],
    bundles: new Map(taken.map(({ entry, index }) => [index, withBundle(entry, server.bundle)])),
    lenient: server.isReached ? [] : binding.map(({ index }) => index),
  };
}

function withBundle({ clientConfig: { caBundle } }: WebhookEntry, bundle: string): string {
  if (caBundle === undefined || caBundle === '') return bundle;
  const former = atob(caBundle);
  const ours = atob(bundle);
  return former.includes(ours) ? caBundle : btoa(`${former.trimEnd()}\n${ours}`);
}
