import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import { nearest } from '../../api/near-miss.ts';
import { groupOf, type JsonObject } from '../kube-object.ts';
import type { Finding, ProblemCode } from '../problem.ts';

const TELEMETRY = 'use Telemetry (telemetry.istio.io/v1)';
const AUTHORIZATION = 'use AuthorizationPolicy (security.istio.io/v1)';
const RATE_LIMIT = "use the proxy's rate limits by an EnvoyFilter (networking.istio.io/v1alpha3)";
const MIXER = 'Mixer ended with Istio 1.8: use AuthorizationPolicy, Telemetry, EnvoyFilter or WasmPlugin';

/** What took the place of the kinds of an API group that Istio once had: of some by name, else of all. */
interface Withdrawn {
  kinds?: Readonly<Record<string, string>>;
  others: string;
}

/** Kinds of an adapter, of an instance or of a resource of its own that served one purpose. */
const forKinds = (names: string, successor: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [name, successor]));

/** From the release notes of Istio 0.8 to 1.8. */
const WITHDRAWN_GROUPS: Readonly<Record<string, Withdrawn>> = {
  'authentication.istio.io': {
    others: 'use PeerAuthentication for mTLS and RequestAuthentication for tokens (security.istio.io/v1)',
  },
  'rbac.istio.io': { others: AUTHORIZATION },
  'config.istio.io': {
    kinds: {
      ...forKinds('RouteRule', 'use VirtualService (networking.istio.io/v1)'),
      ...forKinds('DestinationPolicy', 'use DestinationRule (networking.istio.io/v1)'),
      ...forKinds('EgressRule', 'use ServiceEntry (networking.istio.io/v1)'),
      ...forKinds('metric prometheus statsd dogstatsd circonus signalfx', TELEMETRY),
      ...forKinds('logentry fluentd stdio tracespan zipkin edge', TELEMETRY),
      ...forKinds('denier checknothing listchecker listentry rbac authorization opa apikey', AUTHORIZATION),
      ...forKinds('quota memquota redisquota QuotaSpec QuotaSpecBinding', RATE_LIMIT),
    },
    others: MIXER,
  },
  'operator.istio.io': { others: 'use IstioOperator (install.istio.io/v1alpha1)' },
};

const GATEWAY_API: ReadonlySet<string> = new Set(
  'GatewayClass HTTPRoute GRPCRoute TCPRoute TLSRoute UDPRoute ReferenceGrant BackendTLSPolicy'.split(' '),
);

/** Whether an object claims to be one of Istio's own. */
function isIstioGroup(group: string): boolean {
  return group === 'istio.io' || group.endsWith('.istio.io');
}

/**
 * What is wrong with an object of a group of Istio's whose kind no cluster serves: withdrawn, or not spelled right.
 * Undefined for kinds that are served, and for groups of others.
 */
export function findUnservedKind({ apiVersion, kind }: JsonObject): Finding | undefined {
  if (typeof apiVersion !== 'string') return undefined;
  if (isIstioGroup(apiVersion)) return refuseUnversioned(apiVersion);
  const group = groupOf(apiVersion);
  if (!isIstioGroup(group)) return undefined;
  const name = typeof kind === 'string' ? kind : '';
  const withdrawn = Object.hasOwn(WITHDRAWN_GROUPS, group) ? WITHDRAWN_GROUPS[group] : undefined;
  if (withdrawn)
    return refuse('KindWithdrawn', `${name} of ${group} is served no more: ${successorOf(withdrawn, name)}`);
  if (group === 'install.istio.io') {
    return name === 'IstioOperator'
      ? undefined
      : refuse('KindUnknown', `${JSON.stringify(name)} is not served in ${group}: use IstioOperator`);
  }
  if (ISTIO_KINDS.some((known) => known.group === group && known.kind === name)) return undefined;
  return refuse('KindUnknown', `${JSON.stringify(name)} is not a kind of ${group}${hintFor(group, name)}`);
}

function successorOf({ kinds = {}, others }: Withdrawn, kind: string): string {
  return (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? others;
}

function refuseUnversioned(group: string): Finding {
  const [version] = ISTIO_KINDS.find((known) => known.group === group)?.versions ?? ['v1'];
  const message = `${JSON.stringify(group)} is a group without a version: write ${group}/${version}`;
  return { severity: 'error', path: 'apiVersion', code: 'VersionMissing', message };
}

function hintFor(group: string, name: string): string {
  const elsewhere = ISTIO_KINDS.find((known) => known.kind === name);
  if (elsewhere) return `: it is in ${elsewhere.group}/${elsewhere.versions[0]}`;
  if (GATEWAY_API.has(name)) return ': it is one of Gateway API, gateway.networking.k8s.io';
  const own = ISTIO_KINDS.filter((known) => known.group === group).map((known) => known.kind);
  const meant =
    nearest(name, own) ??
    nearest(
      name,
      ISTIO_KINDS.map((known) => known.kind),
    );
  if (meant !== undefined) return `: did you mean ${meant}?`;
  return own.length > 0 ? `, which has ${own.join(', ')}` : ', which Istio does not have';
}

function refuse(code: ProblemCode, message: string): Finding {
  return { severity: 'error', path: 'kind', code, message };
}
