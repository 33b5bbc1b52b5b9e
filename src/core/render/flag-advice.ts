import { findUnreadFlag } from '../istio/flags.ts';
import type { IstioVersion } from '../istio/istio-version.ts';
import { isJsonObject, type JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { getAt, mapAt } from '../values/tree-path.ts';

const MAPS = ['values', 'unvalidatedValues'];
const LIST = ['spec', 'components', 'pilot', 'k8s', 'env'];

/** Warns of variables of istiod that the user sets and the minor does not read. Those of compatibility versions are ours. */
export function adviseFlags(user: JsonObject, version: IstioVersion): Problem[] {
  return namedFlags(user).flatMap(({ path, name }): Problem[] => {
    const unread = findUnreadFlag(version, name);
    if (!unread) return [];
    const { minor } = version;
    if (unread.cause === 'later') {
      const message = `istiod ${minor} does not read ${name}: it came with ${unread.since}`;
      return [{ path, code: 'FieldTooNew', message, hint: `remove it, or upgrade to ${unread.since}` }];
    }
    const message = `istiod ${minor} no longer reads ${name}: ${unread.instead}, since ${unread.since}`;
    return [{ path, code: 'SettingWithdrawn', message, hint: 'remove it' }];
  });
}

function namedFlags(user: JsonObject): { path: string; name: string }[] {
  const maps = MAPS.flatMap((values) => {
    const path = ['spec', values, 'pilot', 'env'];
    return Object.keys(mapAt(user, path) ?? {}).map((name) => ({ path: [...path, name].join('.'), name }));
  });
  const list = getAt(user, LIST);
  const entries = Array.isArray(list) ? list : [];
  const listed = entries.flatMap((entry, i) =>
    isJsonObject(entry) && typeof entry['name'] === 'string'
      ? [{ path: `${LIST.join('.')}[${i}]`, name: entry['name'] }]
      : [],
  );
  return [...maps, ...listed];
}
