import * as z from 'zod';
import { anything, choice, kubeObject, text, textMap, uint32 } from '../field-types.ts';
import { envVar, podSecurityContext, probe, resourceRequirements } from '../kubernetes/containers.ts';
import { affinity, toleration } from '../kubernetes/scheduling.ts';
import { serviceSpec } from '../kubernetes/service.ts';
import { volume, volumeMount } from '../kubernetes/volumes.ts';
import { autoscalerSpec, deploymentStrategy, podDisruptionBudgetSpec } from '../kubernetes/workloads.ts';

const patch = kubeObject('OverlayPatch', () => ({
  path: text.describe('Where to patch, such as `spec.template.spec.containers.[name:discovery].args.[-1]`.'),
  value: anything.describe('What to put there; left out, the node is removed.'),
}));

export const overlay = kubeObject('Overlay', () => ({
  apiVersion: text.describe('API version of the object; any when left out.'),
  kind: text.describe('Kind of the object to patch.'),
  name: text.describe('Name of the object to patch.'),
  patches: z.array(patch).describe('Changes, made in this order.'),
}));

export const kubernetesSettings = kubeObject('KubernetesSettings', () => ({
  affinity: affinity.describe('Which nodes the pods prefer or need.'),
  env: z.array(envVar).describe('Environment variables of the main container, added or replaced by name.'),
  hpaSpec: autoscalerSpec.describe('Settings of the HorizontalPodAutoscaler (autoscaling/v2).'),
  imagePullPolicy: choice('Always', 'IfNotPresent', 'Never').describe('When nodes pull the image.'),
  nodeSelector: textMap.describe('Labels that a node must have.'),
  podDisruptionBudget: podDisruptionBudgetSpec.describe('How many pods a drain may take away at once.'),
  podAnnotations: textMap.describe('Annotations added to the pods.'),
  priorityClassName: text.describe('PriorityClass of the pods.'),
  readinessProbe: probe.describe('How the main container says that it is ready.'),
  replicaCount: uint32.describe('Number of pods where no autoscaler decides.'),
  resources: resourceRequirements.describe('Requests and limits of the main container.'),
  service: serviceSpec.describe('Settings of the Service.'),
  strategy: deploymentStrategy.describe('How a new version replaces the old pods.'),
  tolerations: z.array(toleration).describe('Node taints that the pods tolerate.'),
  serviceAnnotations: textMap.describe('Annotations added to the Service.'),
  securityContext: podSecurityContext.describe('Security settings of the pods.'),
  volumes: z.array(volume).describe('Volumes added to the pods.'),
  volumeMounts: z.array(volumeMount).describe('Mounts added to the main container.'),
  overlays: z.array(overlay).describe('Patches to the finished objects, applied last.'),
}));
export type KubernetesSettings = z.infer<typeof kubernetesSettings>;
