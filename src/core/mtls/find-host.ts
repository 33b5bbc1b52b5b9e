import { nearest } from '../../api/near-miss.ts';
import { toFqdn } from '../analyze/hosts.ts';
import type { Destination } from './destination.ts';

/** A host as somebody writes it, with the port that may be part of it. */
export interface AskedHost {
  host: string;
  port: number | undefined;
}

/** `reviews`, `reviews.shop`, `reviews.shop.svc.cluster.local`, `api.example.com`, each with `:PORT` or without. */
export function parseHost(text: string): AskedHost {
  const [, host = text, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
  return { host, port: port === undefined ? undefined : Number(port) };
}

/** The destinations that a host names, as a client in a namespace would write it. */
export function findDestinations(all: readonly Destination[], host: string, namespace: string): Destination[] {
  const names = new Set([host, toFqdn(host, namespace), `${host}.svc.cluster.local`, `${host}.cluster.local`]);
  const exact = all.filter((each) => names.has(each.host));
  if (exact.length > 0) return exact;
  return all.filter((each) => each.host.startsWith('*') && host.endsWith(each.host.slice(1)));
}

/** The host that may be meant by one that there is not. */
export function nearestHost(all: readonly Destination[], host: string, namespace: string): string | undefined {
  const wanted = toFqdn(host, namespace);
  // Most of a full name is the same for all: the part that is the service's own tells them apart.
  const short = new Map(all.map((each) => [shortHost(each.host), each.host]));
  const meant = nearest(shortHost(wanted), short.keys());
  return meant === undefined ? undefined : short.get(meant);
}

/** `reviews.shop` for the host of a Service; others as they are. */
export function shortHost(host: string): string {
  return host.replace(/\.svc\.cluster\.local$/, '');
}
