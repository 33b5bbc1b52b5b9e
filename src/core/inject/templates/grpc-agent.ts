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
import { certificatesMount, imagePullSecrets, proxyMounts, proxyVolumes, type VolumeChoice } from './proxy-volumes.ts';
import { namedObjects } from './json-annotation.ts';
import { templateInput, type TemplateInput } from './template-input.ts';
import { statusPortOf } from './traffic-settings.ts';

const STATUS_PORT = 15020;
const VOLUMES: VolumeChoice = { proxyVolume: 'istio-xds', userVolumes: true };

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
          ports: [{ containerPort: STATUS_PORT, protocol: 'TCP', name: 'mesh-metrics' }],
          args: proxyArgs(input, 'sidecar'),
          lifecycle: { postStart: agentCommand('wait', `--url=http://localhost:${STATUS_PORT}/healthz/ready`) },
          env: agentEnv(input),
          ...pullPolicy(input),
          ...readiness(input),
        },
        ...appContainers.map((name) => appContainer(input, name)),
      ],
      volumes: proxyVolumes(input, VOLUMES),
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
    readinessProbe: annotatedReadinessProbe(input, STATUS_PORT),
    resources: proxyResources(input),
    volumeMounts: proxyMounts(input, VOLUMES),
  };
}

function appContainer(input: TemplateInput, name: string): JsonObject {
  return {
    name,
    env: [
      env.variable('GRPC_XDS_EXPERIMENTAL_SECURITY_SUPPORT', 'true'),
      env.variable('GRPC_XDS_BOOTSTRAP', '/etc/istio/proxy/grpc-bootstrap.json'),
    ],
    volumeMounts: [
      { mountPath: '/var/lib/istio/data', name: 'istio-data' },
      { mountPath: '/etc/istio/proxy', name: VOLUMES.proxyVolume },
      certificatesMount(input),
    ],
  };
}

function agentEnv(input: TemplateInput): JsonObject[] {
  return [
    env.variable('ISTIO_META_GENERATOR', 'grpc'),
    env.variable('OUTPUT_CERTS', '/var/lib/istio/data'),
    ...env.localhostVariables(input),
    ...env.caVariables(input),
    ...env.podVariables(),
    ...env.configVariables(input),
    env.appContainersVariable(input),
    ...env.clusterVariables(input),
    ...env.networkVariables(input),
    ...env.workloadVariables(input, input.context.deploymentMeta.name),
    ...env.meshVariables(input),
    ...env.metadataVariables(input),
    env.variable('ISTIO_META_DNS_CAPTURE', 'false'),
    env.variable('DISABLE_ENVOY', 'true'),
  ];
}
