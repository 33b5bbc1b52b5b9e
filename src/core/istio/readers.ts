import { findRelease } from './find-release.ts';
import { DEFAULT_VERSION, ISTIO_VERSIONS } from './registry.ts';
import { releaseOf, type IstioRelease } from './release.ts';

/** A control plane that reads Istio's resources, as plain data for other threads. */
export interface ResourceReader {
  /** Empty for the revision without a name. */
  revision: string;
  /** Name of its release, such as `1.5.2`. */
  release: string;
  /** The namespaces that its mesh configuration selects; all when left out. */
  namespaces?: readonly string[];
}

/** What of a resource says who reads it. */
export interface ReadResource {
  /** Label `istio.io/rev`. */
  revision: string | undefined;
  namespace: string;
}

const USUAL = [releaseOf(DEFAULT_VERSION)];

/**
 * The releases that a resource must be right for, the newest first; of those that do the same, one. A label gives it to
 * one revision; without one, each control plane reads it that looks at its namespace. What nobody reads is for all of
 * them, and for the usual release where there are none.
 */
export function findReleasesFor(readers: readonly ResourceReader[], resource: ReadResource): readonly IstioRelease[] {
  if (readers.length === 0) return USUAL;
  const { revision, namespace } = resource;
  const named = revision === undefined ? readers : readers.filter((reader) => isOf(reader, revision));
  const reading = named.filter(({ namespaces }) => !namespaces || namespaces.includes(namespace));
  const [some = readers] = [reading, named].filter(({ length }) => length > 0);
  return distinctReleases(some);
}

/** The releases that are installed, the newest first; the usual one where none is. */
export function installedReleases(readers: readonly ResourceReader[]): readonly IstioRelease[] {
  return readers.length === 0 ? USUAL : distinctReleases(readers);
}

/** The releases of control planes, the newest first; of those that do the same, one. */
export function distinctReleases(readers: readonly ResourceReader[]): readonly IstioRelease[] {
  const byTraits = new Map(readers.map(({ release }) => findRelease(release)).map((each) => [each.traits, each]));
  const rank = ({ version }: IstioRelease): number => ISTIO_VERSIONS.indexOf(version);
  return [...byTraits.values()].sort((a, b) => rank(a) - rank(b));
}

/** The name `default` stands for the revision without a name. */
function isOf(reader: ResourceReader, revision: string): boolean {
  return (reader.revision || 'default') === (revision || 'default');
}

/** One thing that releases say, and which of them, where not all do. */
export interface Saying<T> {
  item: T;
  /** Minors, such as `1.5 and 1.6`. */
  only?: string;
}

/** What several releases say, each thing once: things with the same key are the same. `count` are all who could say it. */
export function mergeSayings<T>(
  said: readonly (readonly [IstioRelease, readonly T[]])[],
  keyOf: (item: T) => string,
  count?: (item: T) => number,
): Saying<T>[] {
  const [first] = said;
  // The usual case, on the way of every admission: nobody else could say anything.
  if (first && said.length === 1 && !count) return first[1].map((item) => ({ item }));
  const byKey = new Map<string, { item: T; releases: Set<IstioRelease> }>();
  for (const [release, items] of said) {
    for (const item of items) {
      const known = byKey.get(keyOf(item)) ?? { item, releases: new Set() };
      byKey.set(keyOf(item), known);
      known.releases.add(release);
    }
  }
  return [...byKey.values()].map(({ item, releases }) => {
    if (releases.size === (count?.(item) ?? said.length)) return { item };
    const minors = new Set([...releases].map(({ version }) => version.minor));
    return { item, only: [...minors].join(' and ') };
  });
}
