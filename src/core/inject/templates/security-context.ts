import { type JsonObject } from '../../kube-object.ts';
import { userPart } from '../user-part.ts';
import { isTruthy } from './injection-values.ts';
import { annotationOr, interceptionModeOf, proxyMetadataOf, PROXY_ID, type ProxyInput } from './template-input.ts';
import { plainBoolean, printed } from './template-text.ts';
import { usesCni } from './traffic-settings.ts';

const DROP = ['ALL'];

function privilegedOf({ proxy }: ProxyInput): boolean {
  return plainBoolean(printed(proxy.privileged), 'values.global.proxy.privileged');
}

function seccomp({ proxy }: ProxyInput): JsonObject {
  if (!isTruthy(proxy.seccompProfile)) return {};
  return { seccompProfile: userPart(proxy.seccompProfile, 'SeccompProfile', 'values.global.proxy.seccompProfile') };
}

/** Whether the proxy takes traffic by TPROXY. */
export function usesTproxy(input: ProxyInput): boolean {
  return interceptionModeOf(input) === 'TPROXY';
}

/** The init container sets up the network as root; one that only checks the CNI's work does not need to be. */
export function initSecurityContext(input: ProxyInput): JsonObject {
  const privileged = privilegedOf(input);
  const common = { allowPrivilegeEscalation: privileged, privileged };
  if (!usesCni(input)) {
    const root = { readOnlyRootFilesystem: false, runAsGroup: 0, runAsNonRoot: false, runAsUser: 0 };
    return { ...common, capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: DROP }, ...root, ...seccomp(input) };
  }
  const tproxy = usesTproxy(input);
  return {
    ...common,
    capabilities: { drop: DROP },
    readOnlyRootFilesystem: true,
    runAsGroup: tproxy ? PROXY_ID : input.proxyGid,
    runAsUser: tproxy ? PROXY_ID : input.proxyUid,
    runAsNonRoot: true,
    ...seccomp(input),
  };
}

/** The sidecar runs unprivileged, unless it must capture by TPROXY, bind low ports or trace iptables. */
export function proxySecurityContext(input: ProxyInput): JsonObject {
  if (proxyMetadataOf(input, 'IPTABLES_TRACE_LOGGING') === 'true') return tracingSecurityContext(input);
  const added = addedCapabilities(input);
  const privileged = privilegedOf(input);
  return {
    allowPrivilegeEscalation: privileged,
    capabilities: { ...(added.length > 0 && { add: added }), drop: DROP },
    privileged,
    readOnlyRootFilesystem: true,
    ...(added.length > 0
      ? { runAsNonRoot: false, runAsUser: 0, runAsGroup: PROXY_ID }
      : { runAsNonRoot: true, runAsUser: input.proxyUid, runAsGroup: input.proxyGid }),
    ...seccomp(input),
  };
}

function tracingSecurityContext(input: ProxyInput): JsonObject {
  return {
    allowPrivilegeEscalation: true,
    capabilities: { add: ['NET_ADMIN'], drop: DROP },
    privileged: true,
    readOnlyRootFilesystem: true,
    runAsGroup: input.proxyGid,
    runAsNonRoot: false,
    runAsUser: 0,
    ...seccomp(input),
  };
}

function addedCapabilities(input: ProxyInput): string[] {
  const bindLowPorts = annotationOr(input, 'sidecar.istio.io/capNetBindService', input.proxy.capNetBindService);
  const added = usesTproxy(input) ? ['NET_ADMIN'] : [];
  return bindLowPorts === 'true' ? [...added, 'NET_BIND_SERVICE'] : added;
}
