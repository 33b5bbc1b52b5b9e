import * as z from 'zod';
import { choice, flag, int32, intOrString, kubeObject, text, textList, textMap } from '../field-types.ts';

export const ipFamily = choice('IPv4', 'IPv6');
export const ipFamilyPolicy = choice('SingleStack', 'PreferDualStack', 'RequireDualStack');
export const serviceType = choice('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName');
export const externalTrafficPolicy = choice('Cluster', 'Local');

export const servicePort = kubeObject('ServicePort', () => ({
  name: text,
  protocol: choice('TCP', 'UDP', 'SCTP'),
  appProtocol: text,
  port: int32,
  targetPort: intOrString,
  nodePort: int32,
}));

export const serviceSpec = kubeObject('ServiceSpec', () => ({
  ports: z.array(servicePort),
  selector: textMap,
  clusterIP: text,
  clusterIPs: textList,
  type: serviceType,
  externalIPs: textList,
  sessionAffinity: choice('ClientIP', 'None'),
  loadBalancerIP: text,
  loadBalancerSourceRanges: textList,
  externalName: text,
  externalTrafficPolicy,
  healthCheckNodePort: int32,
  publishNotReadyAddresses: flag,
  sessionAffinityConfig: kubeObject('SessionAffinityConfig', () => ({
    clientIP: kubeObject('ClientIPConfig', () => ({ timeoutSeconds: int32 })),
  })),
  ipFamilies: z.array(ipFamily),
  ipFamilyPolicy,
  allocateLoadBalancerNodePorts: flag,
  loadBalancerClass: text,
  internalTrafficPolicy: choice('Cluster', 'Local'),
  trafficDistribution: text,
}));
