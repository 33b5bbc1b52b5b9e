import {
  CANONICAL_NAME_LABEL,
  CANONICAL_REVISION_LABEL,
  PROXY_CONTAINER,
  REWRITE_PROBES_ANNOTATION,
} from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import type { TemplateContext, TemplateOutput } from '../template-context.ts';
import { canonicalName, canonicalRevision, commonAnnotations } from './pod-metadata.ts';
import { proxyArgs } from './proxy-args.ts';
import { agentCommand, pullPolicy } from './proxy-container.ts';
import * as env from './proxy-env.ts';
import { imageOf } from './proxy-image-name.ts';
import { annotatedReadinessProbe } from './proxy-probes.ts';
import { proxyResources } from './proxy-resources.ts';
import { certificatesMount, imagePullSecrets, proxyMounts, proxyVolumes } from './proxy-volumes.ts';
import { MOUNTS, proxyMount, type VolumeChoice } from './volumes.ts';
import { namedObjects } from './json-annotation.ts';
import { templateInput, type TemplateInput } from './template-input.ts';
import { statusPortOf } from './traffic-settings.ts';

/** Where the agent answers without Envoy. */
export const AGENT_PORT = 15020;
/** Volumes of an agent without Envoy. */
export const AGENT_VOLUMES: VolumeChoice = { proxyVolume: 'istio-xds', userVolumes: true };

export const MESH_METRICS: JsonObject = { containerPort: AGENT_PORT, protocol: 'TCP', name: 'mesh-metrics' };
/** Holds the application back until the agent answers. */
export const AWAIT_AGENT: JsonObject = {
  postStart: agentCommand('wait', `--url=http://localhost:${AGENT_PORT}/healthz/ready`),
};
export const FIRST_VARIABLES: readonly JsonObject[] = [
  env.variable('ISTIO_META_GENERATOR', 'grpc'),
  env.variable('OUTPUT_CERTS', '/var/lib/istio/data'),
];
export const LAST_VARIABLES: readonly JsonObject[] = [
  env.variable('ISTIO_META_DNS_CAPTURE', 'false'),
  env.variable('DISABLE_ENVOY', 'true'),
];
/** What the application's containers get, so that gRPC finds the agent. */
export const APP_VARIABLES: JsonObject[] = [
  env.variable('GRPC_XDS_EXPERIMENTAL_SECURITY_SUPPORT', 'true'),
  env.variable('GRPC_XDS_BOOTSTRAP', '/etc/istio/proxy/grpc-bootstrap.json'),
];
export const APP_MOUNTS: readonly JsonObject[] = [MOUNTS.data, proxyMount(AGENT_VOLUMES.proxyVolume)];

/** An agent without Envoy, which serves configuration and certificates to gRPC applications. */
export function grpcAgent(context: TemplateContext): TemplateOutput {
  const input = templateInput(context);
  const { proxy, appContainers } = input;
  return {
    metadata: {
      labels: {
        [CANONICAL_NAME_LABEL]: canonicalName(input),
        [CANONICAL_REVISION_LABEL]: canonicalRevision(input),
      },
      annotations: { ...commonAnnotations(input), [REWRITE_PROBES_ANNOTATION]: 'false' },
    },
    spec: {
      containers: [
        {
          name: PROXY_CONTAINER,
          image: imageOf(input, proxy.image, context.proxyImage),
          ports: [MESH_METRICS],
          args: proxyArgs(input, 'sidecar'),
          lifecycle: AWAIT_AGENT,
          env: agentEnv(input),
          ...pullPolicy(input),
          ...readiness(input),
        },
        ...appContainers.map((name) => appContainer(input, name)),
      ],
      volumes: proxyVolumes(input, AGENT_VOLUMES),
      ...imagePullSecrets(input),
    },
  };
}

/** Without a status port the agent gets neither probe, resources nor its own mounts. */
function readiness(input: TemplateInput): JsonObject {
  if (statusPortOf(input) === '0') {
    const volumeMounts = namedObjects(input, 'sidecar.istio.io/userVolumeMount', 'VolumeMount');
    return volumeMounts.length > 0 ? { volumeMounts } : {};
  }
  return {
    readinessProbe: annotatedReadinessProbe(input, AGENT_PORT),
    resources: proxyResources(input),
    volumeMounts: proxyMounts(input, AGENT_VOLUMES),
  };
}

function appContainer(input: TemplateInput, name: string): JsonObject {
  return {
    name,
    env: APP_VARIABLES,
    volumeMounts: [...APP_MOUNTS, certificatesMount(input)],
  };
}

function agentEnv(input: TemplateInput): JsonObject[] {
  return [
    ...FIRST_VARIABLES,
    ...env.localhostVariables(input),
    ...env.caVariables(input),
    ...env.podVariables(),
    env.configVariable(input),
    env.podPortsVariable(input),
    env.appContainersVariable(input),
    ...env.clusterVariables(input),
    ...env.networkVariables(input),
    ...env.workloadVariables(input, input.context.deploymentMeta.name),
    ...env.meshVariables(input),
    ...env.metadataVariables(input),
    ...LAST_VARIABLES,
  ];
}
