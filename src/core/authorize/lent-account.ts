import { LENT_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject, ObjectRef } from '../kube-object.ts';
import { ownerOf } from '../plan/owner-labels.ts';
import { ACCOUNT_FIELD, accountNameOf } from '../powers/pod-powers.ts';
import type { GatewayAccount, ReachedSettings } from '../render/reached-settings.ts';

export function accountRef({ namespace, name }: GatewayAccount): ObjectRef {
  return { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name };
}

export function gatewayRef({ namespace, gateway }: GatewayAccount): ObjectRef {
  return { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: gateway };
}

/**
 * Whether whoever may change the account lends it to the gateway. What an IstioOperator renders does not count: its author
 * decides what stands there.
 */
export function isLent(account: KubeObject | undefined, { gateway }: GatewayAccount): boolean {
  return account?.metadata.annotations?.[LENT_ANNOTATION] === gateway && ownerOf(account) === undefined;
}

/** What settings reach beside an account that is lent. */
export function withoutAccount({ account: _, fields, ...settings }: ReachedSettings): ReachedSettings[] {
  const others = fields.filter((field) => field !== ACCOUNT_FIELD);
  return others.length > 0 ? [{ ...settings, fields: others }] : [];
}

/** Whether the pods of a Deployment run under the account already. */
export function isUsed(deployment: KubeObject | undefined, { name }: GatewayAccount): boolean {
  return deployment !== undefined && accountNameOf(deployment) === name;
}
