/** Whether two hosts overlap; either may start with `*`. As Istio's host.Name.Matches. */
export function hostMatches(a: string, b: string): boolean {
  return isHostWithin(a, b) || isHostWithin(b, a);
}

/** Whether every name that `host` stands for is one of those that `outer` stands for. */
export function isHostWithin(host: string, outer: string): boolean {
  if (!outer.startsWith('*')) return host === outer;
  if (!host.startsWith('*')) return host.endsWith(outer.slice(1));
  return host.length >= outer.length && host.slice(1).endsWith(outer.slice(1));
}
