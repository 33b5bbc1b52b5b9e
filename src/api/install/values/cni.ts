import * as z from 'zod';
import {
  flag,
  freeObject,
  imageTag,
  intOrString,
  protoInt64,
  text,
  textList,
  valuesObject,
} from '../../field-types.ts';
import { seccompProfile } from '../../kubernetes/containers.ts';
import { affinity } from '../../kubernetes/scheduling.ts';
import { logging, resources } from './resources.ts';

const repair = valuesObject('CniRepair', () => ({
  enabled: flag.describe('Whether pods that started without redirection are looked for.'),
  hub: text.describe('Image registry of the repair controller.'),
  tag: imageTag.describe('Image tag of the repair controller.'),
  image: text.describe('Image of the repair controller.'),
  labelPods: flag.describe('Label broken pods.'),
  repairPods: flag.describe('Set up the redirection of broken pods in place.'),
  createEvents: text.describe('Without effect today.'),
  deletePods: flag.describe('Delete broken pods so that they start anew.'),
  brokenPodLabelKey: text.describe('Key of the label that marks a broken pod.'),
  brokenPodLabelValue: text.describe('Value of that label.'),
  initContainerName: text.describe('Init container by whose failure a broken pod is known.'),
}));

const ambient = valuesObject('CniAmbient', () => ({
  enabled: flag.describe('Redirect ambient pods to ztunnel.'),
  configDir: text.describe('Folder of the ambient configuration.'),
  dnsCapture: flag.describe('Send DNS lookups of ambient pods to ztunnel.'),
  ipv6: flag.describe('Redirect IPv6 too.'),
  reconcileIptablesOnStartup: flag.describe('Renew the rules of running pods when the agent starts.'),
  enablementSelectors: z.array(freeObject).describe('Which pods and namespaces belong to ambient.'),
  shareHostNetworkNamespace: flag.describe('Run the agent in the network namespace of the node.'),
  enableAmbientDetectionRetry: flag.describe('Look again at pods whose enrolment could not be told.'),
}));

const resourceQuotas = valuesObject('ResourceQuotas', () => ({
  enabled: flag.describe('Whether a ResourceQuota is installed, as some platforms require.'),
  pods: protoInt64.describe('Number of pods it allows.'),
}));

export const cni = valuesObject('Cni', () => ({
  enabled: flag.describe('Set by Istio; use `components.cni.enabled`.'),
  hub: text.describe('Image registry.'),
  tag: imageTag.describe('Image tag.'),
  variant: text.describe('Image variant, such as `distroless` or `debug`.'),
  image: text.describe('Image name, or a whole image reference.'),
  pullPolicy: text.describe('When nodes pull the image.'),
  cniBinDir: text.describe('Folder of the CNI programs on the node.'),
  cniConfDir: text.describe('Folder of the CNI configuration on the node.'),
  cniConfFileName: text.describe('CNI configuration file to extend; found by itself when left out.'),
  cniNetnsDir: text.describe('Folder of the network namespaces on the node.'),
  excludeNamespaces: textList.describe('Namespaces whose pods are left alone.'),
  affinity: affinity.describe('Which nodes the agent runs on.'),
  env: freeObject.describe('Environment variables of the agent.'),
  daemonSetLabels: freeObject.describe('Labels of the DaemonSet.'),
  podAnnotations: freeObject.describe('Annotations of the pods.'),
  podLabels: freeObject.describe('Labels of the pods.'),
  psp_cluster_role: text.describe('Without effect today.'),
  logLevel: text.describe('Old form of `logging.level`.'),
  logging: logging.describe('Log levels.'),
  repair: repair.describe('What happens to pods that started without redirection.'),
  chained: flag.describe('Add to the existing CNI configuration instead of a file of its own.'),
  resource_quotas: resourceQuotas.describe("ResourceQuota for the agent's priority class."),
  resources: resources.describe('Requests and limits.'),
  privileged: flag.describe('Run the agent privileged.'),
  seccompProfile: seccompProfile.describe('Seccomp profile of the agent.'),
  ambient: ambient.describe('Redirection in ambient mode.'),
  provider: text.describe('Kind of network plugin: `default` or `multus`.'),
  rollingMaxUnavailable: intOrString.describe('How many agents may be away during an update.'),
  istioOwnedCNIConfig: flag.describe("Write a CNI configuration file of Istio's own."),
  istioOwnedCNIConfigFileName: text.describe('Name of that file.'),
  useAppArmorAnnotation: flag.describe('Use the old AppArmor annotation instead of the field.'),
}));

export const cniUsage = valuesObject('CniUsage', () => ({
  enabled: flag.describe('Whether injected pods rely on the CNI agent.'),
  chained: flag.describe('Without effect today.'),
  provider: text.describe('Kind of network plugin: `default` or `multus`.'),
}));
