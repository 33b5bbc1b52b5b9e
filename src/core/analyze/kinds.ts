import { ISTIO_KINDS } from '../../api/istio-kinds.ts';

/** The kinds that analysis reads, as `group/Kind`; the core group is empty. Versions do not matter: specs are equal. */
export const KIND = {
  namespace: '/Namespace',
  node: '/Node',
  pod: '/Pod',
  service: '/Service',
  serviceAccount: '/ServiceAccount',
  secret: '/Secret',
  configMap: '/ConfigMap',
  deployment: 'apps/Deployment',
  customResourceDefinition: 'apiextensions.k8s.io/CustomResourceDefinition',
  mutatingWebhookConfiguration: 'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  validatingWebhookConfiguration: 'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  kubernetesGateway: 'gateway.networking.k8s.io/Gateway',
  httpRoute: 'gateway.networking.k8s.io/HTTPRoute',
  grpcRoute: 'gateway.networking.k8s.io/GRPCRoute',
  virtualService: 'networking.istio.io/VirtualService',
  destinationRule: 'networking.istio.io/DestinationRule',
  gateway: 'networking.istio.io/Gateway',
  serviceEntry: 'networking.istio.io/ServiceEntry',
  sidecar: 'networking.istio.io/Sidecar',
  envoyFilter: 'networking.istio.io/EnvoyFilter',
  workloadEntry: 'networking.istio.io/WorkloadEntry',
  workloadGroup: 'networking.istio.io/WorkloadGroup',
  proxyConfig: 'networking.istio.io/ProxyConfig',
  authorizationPolicy: 'security.istio.io/AuthorizationPolicy',
  peerAuthentication: 'security.istio.io/PeerAuthentication',
  requestAuthentication: 'security.istio.io/RequestAuthentication',
  telemetry: 'telemetry.istio.io/Telemetry',
  wasmPlugin: 'extensions.istio.io/WasmPlugin',
  trafficExtension: 'extensions.istio.io/TrafficExtension',
  meshConfig: 'mesh.istio.io/MeshConfig',
  meshNetworks: 'mesh.istio.io/MeshNetworks',
} as const;

/** `group/Kind` of a kind that analysis reads. */
export type Kind = (typeof KIND)[keyof typeof KIND];

const KNOWN: ReadonlySet<string> = new Set(Object.values(KIND));

/** The kind by API group and name, or nothing when analysis does not read it. */
export function kindOf(group: string, name: string): Kind | undefined {
  const kind = `${group}/${name}`;
  return KNOWN.has(kind) ? (kind as Kind) : undefined;
}

/** How the API names a kind: Istio's in the version that is stored, all others are v1. */
export function kindRefOf(kind: Kind): { apiVersion: string; kind: string } {
  const [group = '', name = ''] = kind.split('/');
  const version = ISTIO_KINDS.find((each) => each.group === group && each.kind === name)?.versions[0] ?? 'v1';
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind: name };
}
