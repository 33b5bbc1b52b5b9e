import { findRelease } from './find-release.ts';
import { parseRelease, type IstioRelease } from './release.ts';

/** The release that runs by what a status says of minor and tag; undefined where nothing was installed. */
export function installedRelease(status: {
  istioVersion?: string | undefined;
  version?: string | undefined;
}): IstioRelease | undefined {
  const { istioVersion, version = '' } = status;
  if (istioVersion === undefined) return undefined;
  return findRelease(parseRelease(version)?.minor === istioVersion ? version : istioVersion);
}
