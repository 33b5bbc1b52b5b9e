import { DEFAULT_VERSION, findVersion } from './registry.ts';
import { parseRelease, releaseOf, type IstioRelease } from './release.ts';

/** The release of that name, such as a label tells it; what names none that is known is the usual one. */
export function findRelease(name: string | undefined): IstioRelease {
  const minor = parseRelease(name ?? '')?.minor ?? name ?? '';
  return releaseOf(findVersion(minor) ?? DEFAULT_VERSION, name);
}
