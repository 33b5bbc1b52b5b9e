import { LENT_ANNOTATION } from '../../api/our-names.ts';
import { accountRef, gatewayRef } from '../../core/authorize/lent-account.ts';
import { displayName } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import type { GatewayAccount } from '../../core/render/reached-settings.ts';
import type { HandOverPlan, PlannedObject } from './plan-hand-over.ts';

const TITLES: Record<PlannedObject['becomes'], string> = {
  changed: 'changed',
  new: 'new',
  same: 'as it is, of another owner',
  kept: 'kept by its installer',
  removed: 'removed, since another takes its place',
  orphan: 'left behind: nothing renders it any more, and nothing removes it',
};

/** The plan as people read it. */
export function toPlanText({ resource, source, objects, accounts, notes }: HandOverPlan): string {
  const { name, namespace = '' } = resource.metadata;
  const lines = [`IstioOperator ${namespace}/${name}, from ${source}`, ''];
  for (const [becomes, title] of Object.entries(TITLES)) {
    const found = objects.filter((object) => object.becomes === becomes);
    if (found.length > 0) lines.push(`${title}:`, ...found.map(toLine), '');
  }
  if (accounts.length > 0)
    lines.push(`lent, by annotation ${LENT_ANNOTATION}:`, ...accounts.map((each) => `  ${describeLoan(each)}`), '');
  if (notes.length > 0) lines.push('not kept:', ...notes.map((note) => `  ${note}`), '');
  return lines.join('\n');
}

/** `pods restart: Deployment istio-system/istiod; 38 objects of another owner`. */
export function summarize({ objects }: Pick<HandOverPlan, 'objects'>): string {
  const restarting = objects.filter(({ restartsPods }) => restartsPods).map(({ object }) => object);
  const counts = Object.keys(TITLES).map((becomes) => [
    becomes,
    objects.filter((one) => one.becomes === becomes).length,
  ]);
  const told = counts.filter(([, count]) => count !== 0).map(([becomes, count]) => `${becomes} ${count}`);
  return `${told.join(', ')}; pods restart: ${restarting.length > 0 ? listSome(restarting) : 'none'}`;
}

/** `ServiceAccount edge/edge to Deployment edge/edge`. */
export function describeLoan(account: GatewayAccount): string {
  return `${displayName(accountRef(account))} to ${displayName(gatewayRef(account))}`;
}

function toLine({ object, becomes, fields, restartsPods, of }: PlannedObject): string {
  const told = becomes === 'changed' ? `: ${listSome(fields)}` : '';
  const whose = of === undefined ? '' : ` (${of})`;
  return `  ${object}${whose}${told}${restartsPods ? '; its pods restart' : ''}`;
}
