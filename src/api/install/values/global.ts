import * as z from 'zod';
import {
  choice,
  flag,
  freeObject,
  imageTag,
  protoEnum,
  protoUint32,
  text,
  textList,
  valuesObject,
} from '../../field-types.ts';
import { affinity, toleration, topologySpreadConstraint } from '../../kubernetes/scheduling.ts';
import { ipFamily, ipFamilyPolicy } from '../../kubernetes/service.ts';
import { proxy, proxyInit } from './proxy.ts';
import { logging, resources } from './resources.ts';
import { tracer } from './tracer.ts';

const arch = valuesObject('Arch', () => ({
  amd64: protoUint32.describe('Weight of amd64 nodes.'),
  ppc64le: protoUint32.describe('Weight of ppc64le nodes.'),
  s390x: protoUint32.describe('Weight of s390x nodes.'),
  arm64: protoUint32.describe('Weight of arm64 nodes.'),
}));

const multiCluster = valuesObject('MultiCluster', () => ({
  enabled: flag.describe('Whether the mesh has further clusters.'),
  clusterName: text.describe('Name of this cluster in the mesh.'),
  globalDomainSuffix: text.describe('Without effect today.'),
  includeEnvoyFilter: flag.describe('Without effect today.'),
}));

const waypoint = valuesObject('Waypoint', () => ({
  resources: resources.describe('Requests and limits.'),
  affinity: affinity.describe('Which nodes waypoints run on.'),
  topologySpreadConstraints: z.array(topologySpreadConstraint).describe('How waypoints spread over the nodes.'),
  nodeSelector: freeObject.describe('Labels that a node must have.'),
  toleration: z.array(toleration).describe('Node taints that waypoints tolerate.'),
}));

const enabledOnly = valuesObject('Switch', () => ({ enabled: flag.describe('On or off.') }));

export const global = valuesObject('Global', () => ({
  arch: arch.describe('Weights of processor architectures, in an old form.'),
  certSigners: textList.describe('Signers that istiod may ask for certificates.'),
  configValidation: flag.describe("Whether Istio's resources are checked by a webhook."),
  defaultNodeSelector: freeObject.describe('Labels that a node must have, for all components.'),
  defaultPodDisruptionBudget: enabledOnly.describe('Whether components get a PodDisruptionBudget.'),
  defaultResources: valuesObject('DefaultResources', () => ({
    requests: valuesObject('DefaultRequests', () => ({
      cpu: text.describe('CPU request.'),
      memory: text.describe('Memory request.'),
    })).describe('Requests.'),
  })).describe('Requests of components that name none.'),
  defaultTolerations: z.array(toleration).describe('Node taints that all components tolerate.'),
  hub: text.describe('Image registry and path.'),
  imagePullPolicy: choice('Always', 'IfNotPresent', 'Never').describe('When nodes pull images.'),
  imagePullSecrets: textList.describe("Secrets with the registry's credentials."),
  istioNamespace: text.describe('Namespace of the control plane.'),
  logAsJson: flag.describe('Write logs as JSON.'),
  logging: logging.describe('Log levels.'),
  meshID: text.describe('Name of the mesh.'),
  meshNetworks: freeObject.describe('Networks of the mesh and their gateways.'),
  multiCluster: multiCluster.describe('This cluster in a mesh of several.'),
  network: text.describe('Network of this cluster.'),
  podDNSSearchNamespaces: textList.describe('Search domains added to injected pods.'),
  omitSidecarInjectorConfigMap: flag.describe("Leave out the injector's ConfigMap."),
  operatorManageWebhooks: flag.describe('Leave the webhooks to an operator.'),
  priorityClassName: text.describe('PriorityClass of all components.'),
  proxy: proxy.describe('The sidecar proxy.'),
  proxy_init: proxyInit.describe('The init container that sets up redirection.'),
  sds: valuesObject('Sds', () => ({ token: freeObject.describe('Audience of the token.') })).describe(
    'Without effect today.',
  ),
  tag: imageTag.describe('Image tag.'),
  variant: text.describe('Image variant, such as `distroless` or `debug`.'),
  tracer: tracer.describe('Where traces go, in an old form.'),
  remotePilotAddress: text.describe('Address of a control plane elsewhere.'),
  istiod: valuesObject('IstiodSwitches', () => ({
    enableAnalysis: flag.describe('Analyse the configuration continuously and write the findings to its status.'),
  })).describe('Switches of istiod.'),
  pilotCertProvider: text.describe("Who signs istiod's certificate: `istiod`, `k8s.io/SIGNER` or `none`."),
  jwtPolicy: text.describe('Kind of service account token.'),
  sts: valuesObject('Sts', () => ({ servicePort: protoUint32.describe('Port of the token service.') })).describe(
    'Token exchange in the proxy.',
  ),
  revision: text.describe('Use `spec.revision`.'),
  mountMtlsCerts: flag.describe('Mount certificates from a Secret.'),
  caAddress: text.describe('Address of the certificate authority.'),
  externalIstiod: flag.describe('This cluster is run by a control plane outside of it, or runs one for others.'),
  configCluster: flag.describe('This remote cluster also holds the configuration.'),
  caName: text.describe('Kind of certificate authority.'),
  platform: text.describe('Kubernetes platform whose settings apply, such as `openshift` or `gke`.'),
  ipFamilies: z.array(ipFamily).describe('IP families of the Services.'),
  ipFamilyPolicy: ipFamilyPolicy.describe('Single or dual stack.'),
  waypoint: waypoint.describe('Waypoint proxies of ambient mode.'),
  trustBundleName: text.describe('ConfigMap that holds the root certificate.'),
  nativeNftables: flag.describe('Use nftables instead of iptables.'),
  networkPolicy: enabledOnly.describe('Whether NetworkPolicies are installed.'),
  resourceScope: protoEnum('undefined', 'all', 'cluster', 'namespace').describe(
    'Which objects are rendered: all, or by scope.',
  ),
  agentgateway: valuesObject('Agentgateway', () => ({ image: text.describe('Image.') })).describe('The agent gateway.'),
  enableReaderRBAC: flag.describe('Install the role and account by which other clusters read this one.'),
  readerServiceAccount: valuesObject('ReaderServiceAccount', () => ({
    name: text.describe('Name.'),
    namespace: text.describe('Namespace.'),
  })).describe('Account by which other clusters read this one.'),
}));
