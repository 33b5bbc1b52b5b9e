import * as z from 'zod';
import {
  duration,
  flag,
  freeObject,
  imageTag,
  intOrString,
  protoNumber,
  protoUint32,
  text,
  valuesObject,
} from '../../field-types.ts';
import { seccompProfile } from '../../kubernetes/containers.ts';
import { affinity, toleration, topologySpreadConstraint } from '../../kubernetes/scheduling.ts';
import { ipFamily, ipFamilyPolicy } from '../../kubernetes/service.ts';
import { volume, volumeMount } from '../../kubernetes/volumes.ts';
import { cniUsage } from './cni.ts';
import { utilization } from './gateways.ts';
import { resources } from './resources.ts';

const taint = valuesObject('TaintController', () => ({
  enabled: flag.describe('Keep nodes tainted until their CNI agent is ready.'),
  namespace: text.describe('Namespace of the agent.'),
  name: text.describe("Name of the agent's DaemonSet."),
}));

export const istiodRemote = valuesObject('IstiodRemoteValues', () => ({
  injectionURL: text.describe('Address of the injection webhook.'),
  injectionPath: text.describe('Path of the injection webhook.'),
  injectionCABundle: text.describe('Certificate by which the webhook is trusted.'),
  enabled: flag.describe('This cluster uses a control plane elsewhere.'),
  enabledLocalInjectorIstiod: flag.describe('Run an istiod here for injection only.'),
}));

export const pilot = valuesObject('Pilot', () => ({
  enabled: flag.describe('Use `components.pilot.enabled`.'),
  autoscaleEnabled: flag.describe('Whether an autoscaler decides on the number of pods.'),
  autoscaleMin: protoUint32.describe('Fewest pods.'),
  autoscaleMax: protoUint32.describe('Most pods.'),
  autoscaleBehavior: freeObject.describe('How fast the autoscaler acts.'),
  replicaCount: protoUint32.describe('Number of pods where no autoscaler decides.'),
  image: text.describe('Image name, or a whole image reference.'),
  traceSampling: protoNumber.describe('Percentage of requests that are traced.'),
  resources: resources.describe('Requests and limits.'),
  cpu: utilization.describe('CPU use to scale by.'),
  nodeSelector: freeObject.describe('Labels that a node must have.'),
  keepaliveMaxServerConnectionAge: duration.describe('Longest life of a connection from a proxy.'),
  deploymentLabels: freeObject.describe('Labels of the Deployment.'),
  podLabels: freeObject.describe('Labels of the pods.'),
  configMap: flag.describe("Whether the mesh configuration's ConfigMap is installed."),
  env: freeObject.describe('Environment variables of istiod.'),
  affinity: affinity.describe('Which nodes istiod runs on.'),
  rollingMaxSurge: intOrString.describe('How many pods more an update may start.'),
  rollingMaxUnavailable: intOrString.describe('How many pods may be away during an update.'),
  tolerations: z.array(toleration).describe('Node taints that istiod tolerates.'),
  podAnnotations: freeObject.describe('Annotations of the pods.'),
  serviceAnnotations: freeObject.describe('Annotations of the Service.'),
  serviceAccountAnnotations: freeObject.describe('Annotations of the ServiceAccount.'),
  jwksResolverExtraRootCA: text.describe('Certificate by which servers of JWT keys are trusted.'),
  hub: text.describe('Image registry.'),
  tag: imageTag.describe('Image tag.'),
  variant: text.describe('Image variant, such as `distroless` or `debug`.'),
  seccompProfile: seccompProfile.describe('Seccomp profile.'),
  topologySpreadConstraints: z.array(topologySpreadConstraint).describe('How the pods spread over the nodes.'),
  extraContainerArgs: z
    .array(z.unknown().meta({ k8s: { preserveUnknown: true } }))
    .describe('Further arguments of istiod.'),
  volumeMounts: z.array(volumeMount).describe('Further mounts.'),
  volumes: z.array(volume).describe('Further volumes.'),
  ipFamilies: z.array(ipFamily).describe('IP families of the Service.'),
  ipFamilyPolicy: ipFamilyPolicy.describe('Single or dual stack.'),
  memory: utilization.describe('Memory use to scale by.'),
  cni: cniUsage.describe('How injected pods use the CNI agent.'),
  taint: taint.describe('The controller that taints nodes.'),
  trustedZtunnelNamespace: text.describe("Namespace whose ztunnel may ask for other accounts' certificates."),
  istiodRemote: istiodRemote.describe('A control plane elsewhere.'),
  envVarFrom: z.array(freeObject).describe('Environment variables from Secrets and ConfigMaps.'),
  crlConfigMapName: text.describe('ConfigMap with revoked certificates.'),
}));
