import * as z from 'zod';
import {
  anything,
  flag,
  freeObject,
  intOrString,
  protoInt32,
  protoUint32,
  text,
  textList,
  textMap,
  valuesObject,
} from '../../field-types.ts';
import { labelSelector } from '../../kubernetes/selectors.ts';
import { toleration } from '../../kubernetes/scheduling.ts';
import { externalTrafficPolicy, ipFamily, ipFamilyPolicy, serviceType } from '../../kubernetes/service.ts';
import { resources } from './resources.ts';

export const utilization = valuesObject('TargetUtilization', () => ({
  targetAverageUtilization: protoInt32.describe('Percentage of the request at which pods are added.'),
}));

const secretVolume = valuesObject('SecretVolume', () => ({
  mountPath: text.describe('Where it is mounted.'),
  name: text.describe('Name of the volume.'),
  secretName: text.describe('Name of the Secret.'),
}));

const port = valuesObject('GatewayPort', () => ({
  name: text.describe('Name of the port.'),
  port: protoInt32.describe('Port of the Service.'),
  nodePort: protoInt32.describe('Port on every node.'),
  targetPort: protoInt32.describe('Port of the pods.'),
  protocol: text.describe('TCP, UDP or SCTP.'),
}));

const serviceAccount = valuesObject('ServiceAccount', () => ({
  annotations: freeObject.describe('Annotations of the ServiceAccount.'),
}));

const podRules = z.array(labelSelector);

export const egressGateway = valuesObject('EgressGatewayValues', () => ({
  autoscaleEnabled: flag.describe('Whether an autoscaler decides on the number of pods.'),
  autoscaleMax: protoUint32.describe('Most pods.'),
  autoscaleMin: protoUint32.describe('Fewest pods.'),
  memory: utilization.describe('Memory use to scale by.'),
  cpu: utilization.describe('CPU use to scale by.'),
  customService: flag.describe('Leave the Service to the user.'),
  enabled: flag.describe('Use `components.egressGateways[].enabled`.'),
  env: freeObject.describe('Environment variables of the proxy.'),
  labels: textMap.describe('Labels of the gateway.'),
  name: text.describe('Name of the gateway; set from the component.'),
  nodeSelector: freeObject.describe('Labels that a node must have.'),
  podAnnotations: freeObject.describe('Annotations of the pods.'),
  podAntiAffinityLabelSelector: podRules.describe('Pods to keep away from; use `k8s.affinity`.'),
  podAntiAffinityTermLabelSelector: podRules.describe('Pods to rather keep away from; use `k8s.affinity`.'),
  ports: z.array(port).describe('Ports of the Service.'),
  resources: resources.describe('Requests and limits.'),
  secretVolumes: z.array(secretVolume).describe('Secrets to mount.'),
  serviceAnnotations: freeObject.describe('Annotations of the Service.'),
  type: serviceType.describe('Type of the Service.'),
  tolerations: z.array(toleration).describe('Node taints that the pods tolerate.'),
  rollingMaxSurge: intOrString.describe('How many pods more an update may start.'),
  rollingMaxUnavailable: intOrString.describe('How many pods may be away during an update.'),
  configVolumes: z.array(freeObject).describe('ConfigMaps to mount.'),
  additionalContainers: z.array(freeObject).describe('Further containers of the pods.'),
  runAsRoot: flag.describe('Run as root, which ports below 1024 need.'),
  injectionTemplate: text.describe('Template by which the pods are injected instead of a fixed form.'),
  serviceAccount: serviceAccount.describe('ServiceAccount of the pods.'),
  ipFamilies: z.array(ipFamily).describe('IP families of the Service.'),
  ipFamilyPolicy: ipFamilyPolicy.describe('Single or dual stack.'),
}));

export const ingressGateway = valuesObject('IngressGatewayValues', () => ({
  autoscaleEnabled: flag.describe('Whether an autoscaler decides on the number of pods.'),
  autoscaleMax: protoUint32.describe('Most pods.'),
  autoscaleMin: protoUint32.describe('Fewest pods.'),
  memory: utilization.describe('Memory use to scale by.'),
  cpu: utilization.describe('CPU use to scale by.'),
  customService: flag.describe('Leave the Service to the user.'),
  enabled: flag.describe('Use `components.ingressGateways[].enabled`.'),
  env: freeObject.describe('Environment variables of the proxy.'),
  labels: textMap.describe('Labels of the gateway.'),
  loadBalancerIP: text.describe('Address to ask the load balancer for.'),
  loadBalancerSourceRanges: textList.describe('Address ranges that may connect.'),
  name: text.describe('Name of the gateway; set from the component.'),
  nodeSelector: freeObject.describe('Labels that a node must have.'),
  podAnnotations: freeObject.describe('Annotations of the pods.'),
  podAntiAffinityLabelSelector: podRules.describe('Pods to keep away from; use `k8s.affinity`.'),
  podAntiAffinityTermLabelSelector: podRules.describe('Pods to rather keep away from; use `k8s.affinity`.'),
  ports: z.array(port).describe('Ports of the Service.'),
  replicaCount: protoUint32.describe('Number of pods where no autoscaler decides.'),
  resources: freeObject.describe('Requests and limits.'),
  secretVolumes: z.array(secretVolume).describe('Secrets to mount.'),
  serviceAnnotations: freeObject.describe('Annotations of the Service.'),
  type: serviceType.describe('Type of the Service.'),
  rollingMaxSurge: intOrString.describe('How many pods more an update may start.'),
  rollingMaxUnavailable: intOrString.describe('How many pods may be away during an update.'),
  externalTrafficPolicy: externalTrafficPolicy.describe('`Local` keeps the address of the client.'),
  tolerations: z.array(toleration).describe('Node taints that the pods tolerate.'),
  ingressPorts: z.array(freeObject).describe('Ports, in an old form.'),
  additionalContainers: z.array(freeObject).describe('Further containers of the pods.'),
  configVolumes: z.array(freeObject).describe('ConfigMaps to mount.'),
  runAsRoot: flag.describe('Run as root, which ports below 1024 need.'),
  injectionTemplate: text.describe('Template by which the pods are injected instead of a fixed form.'),
  serviceAccount: serviceAccount.describe('ServiceAccount of the pods.'),
  ipFamilies: z.array(ipFamily).describe('IP families of the Service.'),
  ipFamilyPolicy: ipFamilyPolicy.describe('Single or dual stack.'),
}));

export const gateways = valuesObject('GatewaysValues', () => ({
  'istio-egressgateway': egressGateway.describe('Every egress gateway.'),
  enabled: flag.describe('Without effect today.'),
  'istio-ingressgateway': ingressGateway.describe('Every ingress gateway.'),
  securityContext: anything.describe('Security settings of the gateway pods.'),
  seccompProfile: anything.describe('Seccomp profile of the gateway pods.'),
}));
