import type { Gateway } from '../../api/networking/gateway.ts';
import { serviceOfHost, toFqdn } from './hosts.ts';
import { KIND } from './kinds.ts';
import { lookedUpAs } from './looked-up.ts';
import { fullName, type Resource } from './resource.ts';

type ServerTls = NonNullable<NonNullable<Gateway['servers']>[number]['tls']>;

/** How a resource mentions the service that a host names. Services of one name are meant, whatever their domain. */
export function serviceMention(host: string, namespace: string): string {
  return `service:${fullName(serviceOfHost(host, namespace))}`;
}

/** How a Gateway mentions a certificate; nothing when it names none. */
export function certificateMention({ credentialName, serverCertificate }: ServerTls): string | undefined {
  if (credentialName) return `credential:${credentialName}`;
  return serverCertificate ? `file:${serverCertificate}` : undefined;
}

/** What a resource mentions by which others are found that concern it: hosts as they are written and in full, and more. */
export function mentionsOf(resource: Resource): string[] {
  const { namespace } = resource;
  switch (resource.kind) {
    case KIND.virtualService:
      return withFqdns(lookedUpAs(KIND.virtualService, resource).hosts, namespace);
    case KIND.serviceEntry:
      return withFqdns(lookedUpAs(KIND.serviceEntry, resource).hosts, namespace);
    case KIND.service:
      return [toFqdn(resource.name, namespace)];
    case KIND.destinationRule:
      return [serviceMention(lookedUpAs(KIND.destinationRule, resource).host ?? '', namespace)];
    case KIND.gateway:
      return (lookedUpAs(KIND.gateway, resource).servers ?? []).flatMap(({ hosts = [], tls }) => {
        const certificate = tls && certificateMention(tls);
        return certificate === undefined ? hosts : [...hosts, certificate];
      });
    default:
      return [];
  }
}

function withFqdns(hosts: readonly string[] = [], namespace: string): string[] {
  return [...new Set(hosts.flatMap((host) => [host, toFqdn(host, namespace)]))];
}
