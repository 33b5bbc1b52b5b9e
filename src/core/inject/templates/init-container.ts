import { INTERCEPTION_MODE_ANNOTATION } from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import { isTruthy, valuesSection } from './injection-values.ts';
import { metadataVariables } from './proxy-env.ts';
import { imageOf } from './proxy-image-name.ts';
import { pullPolicy } from './proxy-container.ts';
import { proxyResources } from './proxy-resources.ts';
import { initSecurityContext, usesTproxy } from './security-context.ts';
import { agentLogLevel } from './proxy-args.ts';
import { interceptionModeOf, PROXY_ID, quotedSince, type ProxyInput } from './template-input.ts';
import { goText, quotedText } from './template-text.ts';
import * as traffic from './traffic-settings.ts';

/** The container that captures the pod's traffic, or checks that the CNI plugin has done so. */
export function initContainer(input: ProxyInput): JsonObject {
  const { context, global } = input;
  const settings = valuesSection(global, 'proxy_init', 'global.proxy_init');
  const env = metadataVariables(input);
  return {
    name: traffic.usesCni(input) ? 'istio-validation' : 'istio-init',
    image: imageOf(input, settings.image, context.proxyInitImage),
    args: initArgs(input, isTruthy(settings.forceApplyIptables)),
    ...pullPolicy(input),
    ...(env.length > 0 && { env }),
    resources: proxyResources(input),
    securityContext: initSecurityContext(input),
  };
}

function initArgs(input: ProxyInput, forceApply: boolean): string[] {
  const { global } = input;
  const args = ['istio-iptables', ...capture(input)];
  const level = `--log_output_level=${agentLogLevel(input)}`;
  args.push(quotedSince(input, level, () => quotedText(level, 'annotation sidecar.istio.io/agentLogLevel')));
  if (isTruthy(global.logAsJson)) args.push('--log_as_json');
  if (traffic.usesCni(input)) args.push('--run-validation', '--skip-rule-apply');
  else if (forceApply) args.push('--force-apply');
  if (isTruthy(global.nativeNftables)) args.push('--native-nftables');
  return args;
}

function capture(input: ProxyInput): string[] {
  const { meshConfig } = input.context;
  const settings = traffic.trafficSettings(input);
  const excluded = ['15090', '15021', settings.excludeInboundPorts].filter((port) => port !== '');
  const flags: [string, string | undefined, string][] = [
    ['-p', goText(meshConfig.proxyListenPort || 15001), ''],
    ['-z', goText(meshConfig.proxyInboundListenPort || 15006), ''],
    ['-u', String(usesTproxy(input) ? PROXY_ID : input.proxyUid), ''],
    ['-m', interceptionModeOf(input), INTERCEPTION_MODE_ANNOTATION],
    ['-i', settings.includeOutboundRanges, traffic.INCLUDE_OUTBOUND_RANGES],
    ['-x', settings.excludeOutboundRanges, traffic.EXCLUDE_OUTBOUND_RANGES],
    ['-b', settings.includeInboundPorts, traffic.INCLUDE_INBOUND_PORTS],
    ['-d', excluded.join(','), traffic.EXCLUDE_INBOUND_PORTS],
    ['-q', settings.includeOutboundPorts, traffic.INCLUDE_OUTBOUND_PORTS],
    ['-o', settings.excludeOutboundPorts, traffic.EXCLUDE_OUTBOUND_PORTS],
    ['-k', virtualInterfaces(input), traffic.REROUTE_INTERFACES],
    ['-c', input.annotations[traffic.EXCLUDE_INTERFACES], traffic.EXCLUDE_INTERFACES],
  ];
  return flags.flatMap(([flag, value, annotation]) =>
    value === undefined ? [] : [flag, quotedText(value, `annotation ${annotation}`)],
  );
}

function virtualInterfaces({ annotations }: ProxyInput): string | undefined {
  return annotations[traffic.REROUTE_INTERFACES] ?? annotations[traffic.KUBEVIRT_INTERFACES];
}
