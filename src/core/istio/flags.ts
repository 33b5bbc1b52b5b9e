import { nearest } from '../../api/near-miss.ts';
import type { IstioVersion } from './istio-version.ts';
import { ISTIO_VERSIONS, newerThan } from './registry.ts';

/** Why a variable of istiod or of proxies does nothing. */
export type UnreadFlag =
  | { cause: 'later'; since: string }
  | { cause: 'removed'; since: string; instead: string }
  | { cause: 'unknown'; meant: string | undefined };

/** What becomes of a variable in a minor. */
export type FlagMove =
  { what: 'removed'; minor: string; instead: string } | { what: 'changed'; minor: string; from: string; to: string };

/** Nobody but Istio begins variables so: any that no minor knows is a mistake. */
const FAMILIES = /^(PILOT|CITADEL|AMBIENT)_/i;
/** A name of another beginning is taken for a slip when so few letters are wrong in one that is long enough. */
const SLIP = { edits: 2, length: 12 };

/** Why a minor does not read a variable; undefined where nothing is known against it. */
export function findUnreadFlag(version: IstioVersion, name: string): UnreadFlag | undefined {
  const later = newerThan(version).findLast(({ flags }) => Object.hasOwn(flags.added, name));
  if (later) return { cause: 'later', since: later.minor };
  if (version.variables.includes(name)) return undefined;
  return findRemoval(name, ISTIO_VERSIONS.slice(ISTIO_VERSIONS.indexOf(version))) ?? findSlip(version, name);
}

function findRemoval(name: string, versions: readonly IstioVersion[]): UnreadFlag | undefined {
  const removals = versions.flatMap(({ flags }) => Object.entries(flags.removed));
  for (const [since, names] of removals) {
    const instead = ownOf(names, name);
    if (instead !== undefined) return { cause: 'removed', since, instead };
  }
  return undefined;
}

function findSlip({ variables }: IstioVersion, name: string): UnreadFlag | undefined {
  if (FAMILIES.test(name)) return { cause: 'unknown', meant: nearest(name, variables) };
  const meant = name.length < SLIP.length ? undefined : nearest(name, variables, SLIP.edits);
  return meant === undefined ? undefined : { cause: 'unknown', meant };
}

/** What minors that come after one another make of a variable, the first of them first. */
export function listFlagMoves(name: string, versions: readonly IstioVersion[]): FlagMove[] {
  return versions.flatMap(({ minor, flags }): FlagMove[] => {
    const instead = ownOf(flags.removed[minor] ?? {}, name);
    const change = ownOf(flags.changed, name);
    return [
      ...(instead === undefined ? [] : [{ what: 'removed' as const, minor, instead }]),
      ...(change === undefined ? [] : [{ what: 'changed' as const, minor, ...change }]),
    ];
  });
}

/** What users name may be called as what every object inherits. */
function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
