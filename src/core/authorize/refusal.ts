import { LENT_ANNOTATION } from '../../api/our-names.ts';
import { displayName } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { formatProblem, type Problem } from '../problem.ts';
import { accountRef } from './lent-account.ts';
import type { GatewayAccount, ReachedSettings } from '../render/reached-settings.ts';

/** Why an installation does not apply a resource that is otherwise fine. */
export interface Refusal {
  reason: 'NamespaceNotAllowed' | 'SettingNotPermitted';
  problems: Problem[];
}

/** The flag of `sailwright run` that permits what {@link findUnpermitted} lists. */
export const PRIVILEGED_SETTINGS_FLAG = '--allow-privileged-settings';

/** One problem for each object that settings give powers to. */
export function findUnpermitted(reached: readonly ReachedSettings[]): Problem[] {
  return reached.map(({ path, object, fields, account }) => ({
    path,
    code: 'PowersForbidden',
    message: `sets ${listSome(fields)} of ${object}, which this installation does not permit`,
    hint: account ? `${hintFor(account)}; ${BY_FLAG}` : BY_FLAG,
  }));
}

const BY_FLAG = `the operator's flag ${PRIVILEGED_SETTINGS_FLAG} permits it`;

function hintFor(account: GatewayAccount): string {
  return `annotation ${LENT_ANNOTATION}=${account.gateway} on ${displayName(accountRef(account))} lends the account`;
}

export function formatRefusal({ problems }: Refusal): string {
  return problems.map(formatProblem).join('; ');
}
