/** Image hub and tag in the place of those that Istio publishes with a release. */
export interface ImageDefaults {
  hub?: string;
  tag?: string;
}

/** Those that the environment names. */
export function readImageDefaults(env: Readonly<Record<string, string | undefined>>): ImageDefaults {
  const [hub, tag] = [env['SAILWRIGHT_DEFAULT_HUB'], env['SAILWRIGHT_DEFAULT_TAG']];
  return { ...(hub ? { hub } : {}), ...(tag ? { tag } : {}) };
}
