/** What a patch release of a minor does otherwise than the ones before it. */
export interface PatchTraits {
  /**
   * Text of the annotations proxyImage, logLevel, componentLogLevel, agentLogLevel and bootstrapOverride stands in quotes
   * in the injection templates and means itself. Before, it was read as YAML.
   */
  quotesAnnotations: boolean;
}

const RELEASE = /^v?(\d+\.\d+)\.(\d+)(?![\d.])/;

/** A minor such as `1.31`, with the number of the patch release from which on each trait holds. */
interface PatchedMinor {
  minor: string;
  traitsSince: Readonly<Record<keyof PatchTraits, number>>;
}

/** The traits of a release such as `1.31.0`. What names no release of this minor (a build of one's own) is the newest. */
export function patchTraitsOf({ minor, traitsSince }: PatchedMinor, release: string | undefined): PatchTraits {
  const [, releaseMinor, patch] = RELEASE.exec(release ?? '') ?? [];
  const number = releaseMinor === minor ? Number(patch) : Infinity;
  return { quotesAnnotations: number >= traitsSince.quotesAnnotations };
}
