import { CANONICAL_NAME_LABEL, CANONICAL_REVISION_LABEL, PROXY_CONTAINER } from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import type { TemplateContext, TemplateOutput } from '../template-context.ts';
import { userPart } from '../user-part.ts';
import { isTruthy, valuesSection } from './injection-values.ts';
import { canonicalName, canonicalRevision, commonAnnotations } from './pod-metadata.ts';
import { proxyArgs } from './proxy-args.ts';
import { configuredLifecycle, METRICS_PORT, pullPolicy } from './proxy-container.ts';
import * as env from './proxy-env.ts';
import { imageOf } from './proxy-image-name.ts';
import { meshReadinessProbe } from './proxy-probes.ts';
import { imagePullSecrets, proxyMounts, proxyVolumes } from './proxy-volumes.ts';
import type { VolumeChoice } from './volumes.ts';
import { configuredInterceptionMode, templateInput, type TemplateInput } from './template-input.ts';

/** Volumes of a gateway's proxy. */
export const GATEWAY_VOLUMES: VolumeChoice = {
  proxyVolume: 'istio-envoy',
  statedEmptyDirs: true,
  credentialSocket: true,
  customBootstrap: true,
};

/** A gateway's proxy in a container that the pod declares with the image `auto`. */
export function gateway(context: TemplateContext): TemplateOutput {
  const input = templateInput(context);
  const { proxy } = input;
  return {
    metadata: {
      labels: {
        [CANONICAL_NAME_LABEL]: canonicalName(input),
        [CANONICAL_REVISION_LABEL]: canonicalRevision(input),
      },
      annotations: commonAnnotations(input),
    },
    spec: {
      securityContext: podSecurityContext(context.values),
      containers: [
        {
          name: PROXY_CONTAINER,
          image: imageOf(input, proxy.image, context.proxyImage),
          ports: [METRICS_PORT],
          args: proxyArgs(input, 'router'),
          ...configuredLifecycle(input),
          securityContext: { runAsUser: input.proxyUid, runAsGroup: input.proxyGid },
          env: gatewayEnv(input),
          ...pullPolicy(input),
          readinessProbe: meshReadinessProbe(input),
          volumeMounts: proxyMounts(input, GATEWAY_VOLUMES),
        },
      ],
      volumes: proxyVolumes(input, GATEWAY_VOLUMES),
      ...imagePullSecrets(input),
    },
  };
}

/** Lets everybody in the pod listen on low ports. */
export const LOW_PORTS: JsonObject = { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] };

/** Lets the proxy listen on low ports without being root, unless the values say otherwise. */
function podSecurityContext(values: JsonObject): JsonObject {
  const { securityContext } = valuesSection(values, 'gateways', 'gateways');
  if (isTruthy(securityContext)) {
    return userPart(securityContext, 'PodSecurityContext', 'values.gateways.securityContext');
  }
  return LOW_PORTS;
}

function gatewayEnv(input: TemplateInput): JsonObject[] {
  return [
    ...env.caVariables(input),
    ...env.podVariables(),
    env.cpuLimitVariable(),
    env.configVariable(input),
    env.podPortsVariable(input),
    ...env.goRuntimeVariables(input.context.traits),
    ...env.complianceVariables(input),
    env.appContainersVariable(input),
    ...env.clusterVariables(input),
    env.variable('ISTIO_META_INTERCEPTION_MODE', configuredInterceptionMode(input)),
    ...env.networkVariables(input),
    ...env.workloadVariables(input, input.context.deploymentMeta.name),
    ...env.bootstrapVariables(input),
    ...env.meshVariables(input),
    ...env.metadataVariables(input),
  ];
}
