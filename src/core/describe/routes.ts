import type { Destination } from '../../api/networking/destination.ts';
import type { HttpMatchRequest } from '../../api/networking/http-match-request.ts';
import type { HttpRoute } from '../../api/networking/http-route.ts';
import type { StringMatch } from '../../api/networking/string-match.ts';
import type { VirtualService } from '../../api/networking/virtual-service.ts';
import { toFqdn } from '../analyze/hosts.ts';
import { KIND } from '../analyze/kinds.ts';
import { friendlyName, specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';

/** What leads requests to hosts. */
export interface AppliedRoute {
  resource: Resource;
  /** Hosts that it is for. */
  hosts: readonly string[];
  /** Gateways that use it, as `namespace/name`, and `mesh` for sidecars. */
  gateways: readonly string[];
  /** `/v2* -> reviews v2:9080 (90 %), reviews v1:9080 (10 %)`: one for each route, in the order in which they are tried. */
  routes: readonly string[];
}

interface Weighted {
  destination?: Destination | undefined;
  weight?: number | undefined;
}

/** A route of the Gateway API, as far as this looks at it. */
interface GatewayApiRoute {
  hostnames?: readonly string[];
  parentRefs?: readonly { kind?: string; name: string; namespace?: string }[];
  rules?: readonly {
    matches?: readonly { path?: { type?: string; value?: string } }[];
    backendRefs?: readonly { kind?: string; name: string; namespace?: string; port?: number; weight?: number }[];
  }[];
}

/** The routes that lead to one of the hosts, or are for one of them: the whole of each, since the first that matches counts. */
export function routesTo(world: World, hosts: ReadonlySet<string>): AppliedRoute[] {
  return [
    ...world.list(KIND.virtualService).flatMap((resource) => ofVirtualService(resource, hosts)),
    ...[KIND.httpRoute, KIND.grpcRoute].flatMap((kind) =>
      world.list(kind).flatMap((resource) => ofGatewayApi(resource, hosts)),
    ),
  ];
}

function ofVirtualService(resource: Resource, wanted: ReadonlySet<string>): AppliedRoute[] {
  const { namespace } = resource;
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [] } = specAs<VirtualService>(resource);
  const full = ({ destination }: Weighted): string => toFqdn(destination?.host ?? '', namespace);
  const lines = [
    ...http.map((route) => ({
      to: httpTargets(route).map(full),
      text: `${matchesText(route)} -> ${answerText(route)}`,
    })),
    ...tls.map(({ match = [], route = [] }) => {
      const names = match.flatMap(({ sniHosts = [] }) => sniHosts).join(', ');
      return { to: route.map(full), text: `TLS for ${names || 'all'} -> ${targetsText(route)}` };
    }),
    ...tcp.map(({ match = [], route = [] }) => {
      const ports = match.flatMap(({ port }) => port ?? []).join(', ');
      return { to: route.map(full), text: `TCP${ports && ` at ${ports}`} -> ${targetsText(route)}` };
    }),
  ];
  const isFor = hosts.some((host) => wanted.has(toFqdn(host, namespace)));
  if (!isFor && !lines.some(({ to }) => to.some((host) => wanted.has(host)))) return [];
  const used = gateways.length === 0 ? ['mesh'] : gateways.map((name) => gatewayName(name, namespace));
  return [{ resource, hosts, gateways: used, routes: lines.map(({ text }) => text) }];
}

function gatewayName(name: string, namespace: string): string {
  return name === 'mesh' || name.includes('/') ? name : `${namespace}/${name}`;
}

function httpTargets({ route = [], mirror, mirrors = [] }: HttpRoute): Weighted[] {
  return [...route, ...(mirror ? [{ destination: mirror }] : []), ...mirrors];
}

function answerText({
  route = [],
  redirect,
  directResponse,
  delegate,
  fault,
  mirror,
  mirrors = [],
}: HttpRoute): string {
  const extras = [
    ...(fault?.abort ? ['with aborts'] : []),
    ...(fault?.delay ? ['with delays'] : []),
    ...(mirror || mirrors.length > 0 ? ['mirrored'] : []),
  ];
  const whole = ((): string => {
    if (redirect) return 'redirect';
    if (directResponse) return `answer ${String(directResponse.status ?? '')}`;
    if (delegate) return `VirtualService ${delegate.namespace ? `${delegate.namespace}/` : ''}${delegate.name ?? ''}`;
    return targetsText(route);
  })();
  return [whole, ...extras].join(', ');
}

function targetsText(targets: readonly Weighted[]): string {
  const sum = targets.reduce((total, { weight = 0 }) => total + weight, 0);
  return targets
    .map(({ destination, weight = 0 }) => {
      const { host = '', subset, port } = destination ?? {};
      const text = `${host}${subset ? ` ${subset}` : ''}${port?.number === undefined ? '' : `:${port.number}`}`;
      return targets.length < 2 ? text : `${text} (${Math.round((100 * weight) / (sum || 1))} %)`;
    })
    .join(', ');
}

function matchesText({ match = [] }: HttpRoute): string {
  return match.length === 0 ? 'all' : match.map(matchText).join(' or ');
}

function matchText(match: HttpMatchRequest): string {
  const { uri, method, headers = {}, queryParams = {}, port, sourceLabels, sourceNamespace } = match;
  const parts = [
    ...(method ? [comparedText(method)] : []),
    uri ? comparedText(uri) : 'all',
    ...Object.keys(headers).map((name) => `header ${name}`),
    ...Object.keys(queryParams).map((name) => `parameter ${name}`),
    ...(port === undefined || port === 0 ? [] : [`port ${port}`]),
    ...(sourceLabels || sourceNamespace ? ['from some callers'] : []),
  ];
  return parts.join(' ');
}

function comparedText({ exact, prefix, regex }: StringMatch): string {
  if (exact !== undefined) return exact;
  return prefix === undefined ? `~${regex ?? ''}` : `${prefix}*`;
}

function ofGatewayApi(resource: Resource, wanted: ReadonlySet<string>): AppliedRoute[] {
  const { namespace } = resource;
  const { hostnames = [], parentRefs = [], rules = [] } = specAs<GatewayApiRoute>(resource);
  const lines = rules.map(({ matches = [], backendRefs = [] }) => {
    const targets = backendRefs.map(({ name, namespace: at = namespace, port, weight = 1 }) => ({
      destination: { host: toFqdn(name, at), ...(port === undefined ? {} : { port: { number: port } }) },
      weight,
    }));
    const paths = matches.flatMap(({ path }) => path?.value ?? []).join(' or ');
    return {
      to: targets.map(({ destination }) => destination.host),
      text: `${paths || 'all'} -> ${targetsText(targets)}`,
    };
  });
  if (!lines.some(({ to }) => to.some((host) => wanted.has(host)))) return [];
  const gateways = parentRefs.map(({ kind = 'Gateway', name, namespace: at = namespace }) =>
    kind === 'Gateway' ? `${at}/${name}` : 'mesh',
  );
  return [{ resource, hosts: hostnames, gateways: [...new Set(gateways)], routes: lines.map(({ text }) => text) }];
}

/** `VirtualService shop/reviews`, for lists. */
export function routeName({ resource }: AppliedRoute): string {
  return friendlyName(resource);
}
