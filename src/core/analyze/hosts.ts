const CLUSTER_DOMAIN = 'svc.cluster.local';
const SERVICE_NAME = /^(.+)\.(.+)\.svc\.cluster\.local$/;

/** Completes a short service name with its namespace; wildcards and dotted names stay. */
export function toFqdn(host: string, namespace: string): string {
  return host.startsWith('*') || host.includes('.') ? host : `${host}.${namespace}.${CLUSTER_DOMAIN}`;
}

/** Name and namespace of the service that a host names; a short name is in the given namespace. */
export function serviceOfHost(host: string, namespace: string): { name: string; namespace: string } {
  const match = SERVICE_NAME.exec(host);
  return match ? { name: match[1] ?? '', namespace: match[2] ?? '' } : { name: host, namespace };
}

/** The namespaces that a resource is exported to: `*`, or names; `.` becomes the resource's own. Nothing means all. */
export function exportScopes(exportTo: readonly string[] | undefined, namespace: string): string[] {
  if (!exportTo || exportTo.length === 0 || exportTo.includes('*')) return ['*'];
  return [...new Set(exportTo.map((scope) => (scope === '.' ? namespace : scope)))];
}
