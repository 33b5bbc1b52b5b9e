import type { IstioVersion } from './istio-version.ts';
import type { IstioTraits } from './traits.ts';

/** One release, as far as it is known: its minor, its number and what it does. */
export interface IstioRelease {
  version: IstioVersion;
  /** Such as `1.5.2`: the release that was named, else the newest patch. */
  name: string;
  traits: IstioTraits;
}

const RELEASE = /^v?(\d+\.\d+)\.(\d+)(?![\d.])/;

/** Minor and patch that the name of a release begins with; undefined for what names no release. */
export function parseRelease(name: string): { minor: string; patch: number } | undefined {
  const [, minor, patch] = RELEASE.exec(name) ?? [];
  return minor === undefined ? undefined : { minor, patch: Number(patch) };
}

/** The release of a minor with that name. What names none of this minor (a build of one's own) is the newest. */
export function releaseOf(version: IstioVersion, name = ''): IstioRelease {
  const parsed = parseRelease(name);
  if (parsed?.minor !== version.minor) return { version, name: version.defaultTag, traits: version.traits };
  const earlier = version.earlier.filter(({ before }) => parsed.patch < before).map(({ traits }) => traits);
  // What does the same has the same traits.
  const traits = earlier.length === 0 ? version.traits : (Object.assign({}, version.traits, ...earlier) as IstioTraits);
  return { version, name: `${parsed.minor}.${parsed.patch}`, traits };
}
