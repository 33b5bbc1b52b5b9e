/** Image hub and tag that the environment puts in the place of those that Istio publishes with a release. */
export function fetchImageDefaults(env: NodeJS.ProcessEnv): { hub?: string; tag?: string } {
  const [hub, tag] = [env['SAILWRIGHT_DEFAULT_HUB'], env['SAILWRIGHT_DEFAULT_TAG']];
  return { ...(hub ? { hub } : {}), ...(tag ? { tag } : {}) };
}
