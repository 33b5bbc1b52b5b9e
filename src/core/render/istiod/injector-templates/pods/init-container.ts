import { EXCLUDE_INTERFACES } from '../../../../inject/templates/traffic-settings.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import { METADATA_VARIABLES } from './environment.ts';
import { annotation, hasAnnotation, USES_CNI, USES_TPROXY } from './pod-facts.ts';
import { image, initLogArgument, LOG_AS_JSON, PULL_POLICY, RESOURCES } from './proxy-container.ts';
import { INIT_SECURITY } from './security.ts';
import { inQuotes, lines, nested, printed, when } from './template-pieces.ts';
import {
  EXCLUDES_OUTBOUND_PORTS,
  INCLUDES_OUTBOUND_PORTS,
  REROUTED,
  REROUTED_KUBEVIRT,
  REROUTES,
  REROUTES_KUBEVIRT,
  TRAFFIC,
} from './traffic.ts';

const SETTINGS = '($global.proxy_init | default dict)';

const flag = (name: string, text: string): string => `- ${name}\n- ${inQuotes(text)}`;

const CAPTURE = lines(
  flag('-p', printed('.MeshConfig.ProxyListenPort | default 15001')),
  flag('-z', printed('.MeshConfig.ProxyInboundListenPort | default 15006')),
  flag('-u', `{{ if ${USES_TPROXY} }}1337{{ else }}{{ $uid }}{{ end }}`),
  flag('-m', printed('$interception')),
  flag('-i', printed(TRAFFIC.includeOutboundRanges)),
  flag('-x', printed(TRAFFIC.excludeOutboundRanges)),
  flag('-b', printed(TRAFFIC.includeInboundPorts)),
  flag('-d', `15090,15021{{ with ${TRAFFIC.excludeInboundPorts} }},{{ . }}{{ end }}`),
  when(INCLUDES_OUTBOUND_PORTS, flag('-q', printed(TRAFFIC.includeOutboundPorts))),
  when(EXCLUDES_OUTBOUND_PORTS, flag('-o', printed(TRAFFIC.excludeOutboundPorts))),
  when(REROUTES, flag('-k', printed(REROUTED)), when(REROUTES_KUBEVIRT, flag('-k', printed(REROUTED_KUBEVIRT)))),
  when(hasAnnotation(EXCLUDE_INTERFACES), flag('-c', printed(annotation(EXCLUDE_INTERFACES)))),
);

/** The container that captures the pod's traffic, or checks that the CNI plugin has done so. */
export function initContainer(traits: IstioTraits): string {
  const args = lines(
    '- istio-iptables',
    CAPTURE,
    initLogArgument(traits),
    LOG_AS_JSON,
    when(
      USES_CNI,
      lines('- --run-validation', '- --skip-rule-apply'),
      when(`${SETTINGS}.forceApplyIptables`, '- --force-apply'),
    ),
    when('$global.nativeNftables', '- --native-nftables'),
  );
  const fields = lines(
    image(traits, `${SETTINGS}.image`, traits.hasOwnInitImage ? '.ProxyInitImage' : '.ProxyImage'),
    'args:',
    args,
    PULL_POLICY,
    when('.ProxyConfig.ProxyMetadata', lines('env:', METADATA_VARIABLES)),
    RESOURCES,
    INIT_SECURITY,
  );
  return lines(`- name: {{ if ${USES_CNI} }}istio-validation{{ else }}istio-init{{ end }}`, nested(2, fields));
}
