import { INTERCEPTION_MODE_ANNOTATION } from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import * as env from './proxy-env.ts';
import { configuredInterceptionMode, type ProxyInput, type TemplateInput } from './template-input.ts';
import { quotedText } from './template-text.ts';

type Variables = readonly JsonObject[];

/** The variables of a sidecar that are the same for most pods, in the order in which those of the pod divide them. */
export interface SidecarEnv {
  beforePorts: Variables;
  beforeWorkload: Variables;
  beforeTelemetry: Variables;
  last: Variables;
}

export function sharedEnv(input: ProxyInput): SidecarEnv {
  return {
    beforePorts: [
      ...env.localhostVariables(input),
      ...env.caVariables(input),
      ...env.podVariables(),
      env.cpuLimitVariable(),
      env.configVariable(input),
    ],
    beforeWorkload: [
      ...env.goRuntimeVariables(input.context.traits),
      ...env.complianceVariables(input),
      ...env.clusterVariables(input),
      env.variable('ISTIO_META_INTERCEPTION_MODE', interceptionMode(input)),
      ...env.networkVariables(input),
    ],
    beforeTelemetry: [...env.bootstrapVariables(input), ...env.meshVariables(input), ...env.datadogVariables(input)],
    last: env.metadataVariables(input),
  };
}

/** The variables that are of the pod, by what they stand before. */
export interface PodEnv {
  beforeWorkload: Variables;
  beforeTelemetry: Variables;
  last: Variables;
}

export function podEnv(input: TemplateInput): PodEnv {
  return {
    beforeWorkload: [env.podPortsVariable(input), env.appContainersVariable(input)],
    beforeTelemetry: env.workloadVariables(input, workloadName(input)),
    last: env.openTelemetryVariables(input),
  };
}

/** All variables of a pod's sidecar. */
export function sidecarEnv(input: TemplateInput, shared: SidecarEnv): JsonObject[] {
  const own = podEnv(input);
  return [
    ...shared.beforePorts,
    ...own.beforeWorkload,
    ...shared.beforeWorkload,
    ...own.beforeTelemetry,
    ...shared.beforeTelemetry,
    ...own.last,
    ...shared.last,
  ];
}

function interceptionMode(input: ProxyInput): string {
  const mode = input.annotations[INTERCEPTION_MODE_ANNOTATION] || configuredInterceptionMode(input);
  return quotedText(mode, `annotation ${INTERCEPTION_MODE_ANNOTATION}`);
}

function workloadName({ labels, context }: TemplateInput): string {
  return labels['service.istio.io/workload-name'] || context.deploymentMeta.name;
}
