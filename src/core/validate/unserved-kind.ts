import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import { nearest } from '../../api/near-miss.ts';
import { groupOf, type JsonObject } from '../kube-object.ts';
import type { Finding } from './finding.ts';

const POLICY = 'use PeerAuthentication for mTLS and RequestAuthentication for tokens (security.istio.io/v1)';
const RBAC = 'use AuthorizationPolicy (security.istio.io/v1)';
const MIXER = 'Mixer ended with Istio 1.8: use AuthorizationPolicy, Telemetry, EnvoyFilter or WasmPlugin';

/** API groups that Istio once had, with what its resources became (release notes of Istio 1.4 to 1.8). */
const WITHDRAWN_GROUPS: ReadonlyMap<string, string> = new Map([
  ['authentication.istio.io', POLICY],
  ['rbac.istio.io', RBAC],
  ['config.istio.io', MIXER],
  ['operator.istio.io', 'use IstioOperator (install.istio.io/v1alpha1)'],
]);

/** Whether an object claims to be one of Istio's own. */
function isIstioGroup(group: string): boolean {
  return group === 'istio.io' || group.endsWith('.istio.io');
}

/**
 * What is wrong with an object of a group of Istio's whose kind no cluster serves: withdrawn, or not spelled right.
 * Undefined for kinds that are served, and for groups of others.
 */
export function findUnservedKind({ apiVersion, kind }: JsonObject): Finding | undefined {
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
  if (!isIstioGroup(group)) return undefined;
  const name = typeof kind === 'string' ? kind : '';
  const successor = WITHDRAWN_GROUPS.get(group);
  if (successor !== undefined) return refuse('KindWithdrawn', `${name} of ${group} is served no more: ${successor}`);
  if (group === 'install.istio.io') {
    return name === 'IstioOperator'
      ? undefined
      : refuse('KindUnknown', `${JSON.stringify(name)} is not served in ${group}: use IstioOperator`);
  }
  if (ISTIO_KINDS.some((known) => known.group === group && known.kind === name)) return undefined;
  return refuse('KindUnknown', `${JSON.stringify(name)} is not a kind of ${group}${hintFor(group, name)}`);
}

function hintFor(group: string, name: string): string {
  const elsewhere = ISTIO_KINDS.find((known) => known.kind === name);
  if (elsewhere) return `: it is in ${elsewhere.group}/${elsewhere.versions[0]}`;
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

function refuse(code: string, message: string): Finding {
  return { severity: 'error', path: 'kind', code, message };
}
