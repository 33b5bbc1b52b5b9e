import { PROXY_CONTAINER, STATUS_PORT_ANNOTATION } from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import { userPart } from '../user-part.ts';
import { isTruthy } from './injection-values.ts';
import { proxyArgs } from './proxy-args.ts';
import { imageOf } from './proxy-image-name.ts';
import { sidecarProbes } from './proxy-probes.ts';
import { proxyResources } from './proxy-resources.ts';
import { proxyMounts } from './proxy-volumes.ts';
import type { VolumeChoice } from './volumes.ts';
import { proxySecurityContext } from './security-context.ts';
import type { ProxyInput } from './template-input.ts';
import { goText, plainText, quotedText } from './template-text.ts';
import { statusPortOf } from './traffic-settings.ts';

/** The port with Envoy's own metrics. */
export const METRICS_PORT: JsonObject = { containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' };

/** The pull policy of the values, if they name one. */
export function pullPolicy({ global }: ProxyInput): JsonObject {
  const policy = global.imagePullPolicy;
  return isTruthy(policy) ? { imagePullPolicy: quotedText(goText(policy), 'values.global.imagePullPolicy') } : {};
}

/** The handlers that the values give, if any. */
export function configuredLifecycle({ proxy }: ProxyInput): JsonObject | undefined {
  if (!isTruthy(proxy.lifecycle)) return undefined;
  return { lifecycle: userPart(proxy.lifecycle, 'Lifecycle', 'values.global.proxy.lifecycle') };
}

/** A lifecycle handler that runs the agent with those arguments. */
export function agentCommand(...args: string[]): JsonObject {
  return { exec: { command: ['pilot-agent', ...args] } };
}

/** The sidecar's own container without its environment. */
export function proxyFrame(input: ProxyInput, native: boolean, volumes: VolumeChoice): JsonObject {
  const { context, proxy } = input;
  return {
    name: PROXY_CONTAINER,
    image: imageOf(input, proxy.image, context.proxyImage),
    ...(native && { restartPolicy: 'Always' }),
    ports: [METRICS_PORT],
    args: sidecarArgs(input),
    ...sidecarLifecycle(input, native),
    ...pullPolicy(input),
    ...sidecarProbes(input),
    securityContext: proxySecurityContext(input),
    resources: proxyResources(input),
    volumeMounts: proxyMounts(input, volumes),
  };
}

function sidecarArgs(input: ProxyInput): string[] {
  const args = proxyArgs(input, 'sidecar');
  const { outlierLogPath } = input.proxy;
  if (!isTruthy(outlierLogPath)) return args;
  return [...args, plainText(`--outlierLogPath=${goText(outlierLogPath)}`, 'values.global.proxy.outlierLogPath')];
}

function sidecarLifecycle(input: ProxyInput, native: boolean): JsonObject {
  const configured = configuredLifecycle(input);
  if (configured) return configured;
  if (native) {
    const port = plainText(`--debug-port=${statusPortOf(input)}`, `annotation ${STATUS_PORT_ANNOTATION}`);
    return { lifecycle: { preStop: agentCommand('request', port, 'POST', 'drain') } };
  }
  return holdsApplication(input) ? { lifecycle: { postStart: agentCommand('wait') } } : {};
}

function holdsApplication({ context, proxy }: ProxyInput): boolean {
  const { holdApplicationUntilProxyStarts } = context.proxyConfig;
  return holdApplicationUntilProxyStarts === true || isTruthy(proxy.holdApplicationUntilProxyStarts);
}
