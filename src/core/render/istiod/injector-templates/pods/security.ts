import { annotationOr, proxyMetadata, USES_CNI, USES_TPROXY } from './pod-facts.ts';
import { asJson, below, lines, printed, when, withValue } from './template-pieces.ts';

const PRIVILEGED = printed('$proxy.privileged');
const SECCOMP = withValue('$proxy.seccompProfile', `seccompProfile: ${asJson('.')}`);

/** The init container sets up the network as root; one that only checks the CNI's work does not need to be. */
export const INIT_SECURITY = below(
  'securityContext',
  lines(
    `allowPrivilegeEscalation: ${PRIVILEGED}`,
    `privileged: ${PRIVILEGED}`,
    when(
      USES_CNI,
      lines(
        'capabilities: { drop: [ALL] }',
        'readOnlyRootFilesystem: true',
        when(
          USES_TPROXY,
          lines('runAsGroup: 1337', 'runAsUser: 1337'),
          lines(`runAsGroup: ${printed('$gid')}`, `runAsUser: ${printed('$uid')}`),
        ),
        'runAsNonRoot: true',
      ),
      lines(
        'capabilities: { add: [NET_ADMIN, NET_RAW], drop: [ALL] }',
        'readOnlyRootFilesystem: false',
        'runAsGroup: 0',
        'runAsNonRoot: false',
        'runAsUser: 0',
      ),
    ),
    SECCOMP,
  ),
);

/** Names for what the security of the sidecar depends on. */
export const SECURITY_FACTS = lines(
  `{{- $tproxy := ${USES_TPROXY} }}`,
  `{{- $lowPorts := eq ${annotationOr('sidecar.istio.io/capNetBindService', '$proxy.capNetBindService')} "true" }}`,
);

const TRACING = lines(
  'allowPrivilegeEscalation: true',
  'capabilities: { add: [NET_ADMIN], drop: [ALL] }',
  'privileged: true',
  'readOnlyRootFilesystem: true',
  `runAsGroup: ${printed('$gid')}`,
  'runAsNonRoot: false',
  'runAsUser: 0',
);

const USUAL = lines(
  `allowPrivilegeEscalation: ${PRIVILEGED}`,
  below(
    'capabilities',
    lines(
      when(
        'or $tproxy $lowPorts',
        lines('add:', when('$tproxy', '- NET_ADMIN'), when('$lowPorts', '- NET_BIND_SERVICE')),
      ),
      'drop: [ALL]',
    ),
  ),
  `privileged: ${PRIVILEGED}`,
  'readOnlyRootFilesystem: true',
  when(
    'or $tproxy $lowPorts',
    lines('runAsNonRoot: false', 'runAsUser: 0', 'runAsGroup: 1337'),
    lines('runAsNonRoot: true', `runAsUser: ${printed('$uid')}`, `runAsGroup: ${printed('$gid')}`),
  ),
);

/** The sidecar runs unprivileged, unless it must capture by TPROXY, bind low ports or trace iptables. */
export const PROXY_SECURITY = below(
  'securityContext',
  lines(when(`eq ${proxyMetadata('IPTABLES_TRACE_LOGGING')} "true"`, TRACING, USUAL), SECCOMP),
);
