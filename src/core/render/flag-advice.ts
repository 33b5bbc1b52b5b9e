import { findUnreadFlag, listFlagMoves, type UnreadFlag } from '../istio/flags.ts';
import type { IstioVersion } from '../istio/istio-version.ts';
import { findVersion, newerThan } from '../istio/registry.ts';
import type { JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { getAt } from '../values/tree-path.ts';
import type { Variable } from './variables.ts';

/**
 * Warns of variables that the user sets and the minor does not read, and of those whose default changed since the minor
 * that is installed. Those of compatibility versions are ours.
 */
export function adviseFlags(user: JsonObject, variables: readonly Variable[], version: IstioVersion): Problem[] {
  const passed = versionsPassed(getAt(user, ['status', 'istioVersion']), version);
  return variables.flatMap((variable) => {
    const unread = findUnreadFlag(version, variable.name);
    return unread ? [describeUnread(variable, unread, version)] : describeChanges(variable, passed);
  });
}

/** Minors that an upgrade of what is installed passes, the first of them first. */
function versionsPassed(installed: unknown, version: IstioVersion): IstioVersion[] {
  const before = typeof installed === 'string' ? findVersion(installed) : undefined;
  if (!before) return [];
  const later = new Set(newerThan(version));
  return newerThan(before)
    .filter((newer) => !later.has(newer))
    .reverse();
}

function describeUnread({ path, name, reader }: Variable, unread: UnreadFlag, { minor }: IstioVersion): Problem {
  const isOne = reader === 'istiod';
  const who = isOne ? `istiod ${minor}` : `proxies of Istio ${minor}`;
  switch (unread.cause) {
    case 'later': {
      const message = `${who} ${isOne ? 'does' : 'do'} not read ${name}: it came with ${unread.since}`;
      return { path, code: 'FieldTooNew', message, hint: `remove it, or upgrade to ${unread.since}` };
    }
    case 'removed': {
      const message = `${who} no longer ${isOne ? 'reads' : 'read'} ${name}: ${unread.instead}, since ${unread.since}`;
      return { path, code: 'SettingWithdrawn', message, hint: 'remove it' };
    }
    case 'unknown': {
      const message = `no variable ${name} is known that ${who} ${isOne ? 'reads' : 'read'}`;
      const hint = unread.meant === undefined ? 'look its name up, or remove it' : `did you mean "${unread.meant}"?`;
      return { path, code: 'VariableUnknown', message, hint };
    }
  }
}

function describeChanges({ path, name }: Variable, passed: readonly IstioVersion[]): Problem[] {
  return listFlagMoves(name, passed).flatMap((move): Problem[] => {
    if (move.what === 'removed') return [];
    const message = `with Istio ${move.minor} the default of ${name} changed from "${move.from}" to "${move.to}"`;
    return [{ path, code: 'VariableChanged', message, hint: 'see whether what is set is still wanted' }];
  });
}
