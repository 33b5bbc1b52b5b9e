import type { IstioVersion } from './istio-version.ts';
import { ISTIO_VERSIONS, newerThan } from './registry.ts';

/** Why a variable of istiod does nothing. */
export type UnreadFlag = { cause: 'later'; since: string } | { cause: 'removed'; since: string; instead: string };

/** Whether a minor does not read a variable that another one reads; undefined where nothing is known against it. */
export function findUnreadFlag(version: IstioVersion, name: string): UnreadFlag | undefined {
  const later = newerThan(version).findLast(({ flags }) => Object.hasOwn(flags.added, name));
  if (later) return { cause: 'later', since: later.minor };
  const past = ISTIO_VERSIONS.slice(ISTIO_VERSIONS.indexOf(version));
  for (const { minor, flags } of past) {
    const instead = Object.hasOwn(flags.removed, name) ? flags.removed[name] : undefined;
    if (instead !== undefined) return { cause: 'removed', since: minor, instead };
    if (Object.hasOwn(flags.added, name)) return undefined;
  }
  return undefined;
}
