import type { z } from 'zod';
import type { SPEC_SCHEMAS } from './istio-specs.ts';

/** The name of one of Istio's kinds. */
export type IstioKindName = keyof typeof SPEC_SCHEMAS;
/** The decoded spec of a kind. */
export type SpecOf<K extends IstioKindName> = z.infer<(typeof SPEC_SCHEMAS)[K]>;

/** One column of `kubectl get`: heading, field that it shows, and what it is. */
export type Column = readonly [heading: string, jsonPath: string, description: string];

/** What the API server must know of one of Istio's kinds. All of them are namespaced and have a status. */
export interface IstioKind {
  group: string;
  kind: IstioKindName;
  plural: string;
  shortName?: string;
  /** Served versions; the first is the one that is stored. All have the same fields. */
  versions: readonly [string, ...string[]];
  columns: readonly Column[];
  /** Whether an object without a spec is refused. */
  needsSpec?: true;
  description: string;
}

const AGE: Column = ['Age', '.metadata.creationTimestamp', 'When the object was created.'];
const NETWORKING = { group: 'networking.istio.io', versions: ['v1', 'v1alpha3', 'v1beta1'] } as const;
const SECURITY = { group: 'security.istio.io', versions: ['v1', 'v1beta1'] } as const;
const EXTENSIONS = { group: 'extensions.istio.io', versions: ['v1alpha1'] } as const;

/** Istio's own kinds. */
export const ISTIO_KINDS: readonly IstioKind[] = [
  {
    ...EXTENSIONS,
    kind: 'TrafficExtension',
    plural: 'trafficextensions',
    columns: [AGE],
    needsSpec: true,
    description: 'Extends the proxy with a WebAssembly module or a Lua script.',
  },
  {
    ...EXTENSIONS,
    kind: 'WasmPlugin',
    plural: 'wasmplugins',
    columns: [AGE],
    needsSpec: true,
    description: 'Extends the proxy with a WebAssembly module.',
  },
  {
    ...NETWORKING,
    kind: 'DestinationRule',
    plural: 'destinationrules',
    shortName: 'dr',
    columns: [['Host', '.spec.host', 'Service that the rule is for.'], AGE],
    description: 'How clients connect to a service once a route was chosen: load balancing, pools, TLS, subsets.',
  },
  {
    ...NETWORKING,
    versions: ['v1alpha3'],
    kind: 'EnvoyFilter',
    plural: 'envoyfilters',
    columns: [],
    description: 'Patches the configuration that the proxies get. Breaks easily when Istio is upgraded.',
  },
  {
    ...NETWORKING,
    kind: 'Gateway',
    plural: 'gateways',
    shortName: 'gw',
    columns: [],
    description: 'Ports, hosts and certificates of a load balancer at the edge of the mesh.',
  },
  {
    ...NETWORKING,
    versions: ['v1beta1'],
    kind: 'ProxyConfig',
    plural: 'proxyconfigs',
    columns: [],
    description: 'Settings of the proxies of workloads or a namespace, read when the proxy starts.',
  },
  {
    ...NETWORKING,
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    shortName: 'se',
    columns: [
      ['Hosts', '.spec.hosts', 'Names of the service.'],
      ['Location', '.spec.location', 'Whether the service is part of the mesh.'],
      ['Resolution', '.spec.resolution', 'How addresses of the service are found.'],
      AGE,
    ],
    needsSpec: true,
    description: 'Adds a service to the registry: one outside of the mesh, or one on virtual machines.',
  },
  {
    ...NETWORKING,
    kind: 'Sidecar',
    plural: 'sidecars',
    columns: [],
    description: 'Which ports a sidecar serves and which services it can reach.',
  },
  {
    ...NETWORKING,
    kind: 'VirtualService',
    plural: 'virtualservices',
    shortName: 'vs',
    columns: [
      ['Gateways', '.spec.gateways', 'Gateways and sidecars that use the routes.'],
      ['Hosts', '.spec.hosts', 'Hosts that the routes are for.'],
      AGE,
    ],
    description: 'How requests for hosts are routed.',
  },
  {
    ...NETWORKING,
    kind: 'WorkloadEntry',
    plural: 'workloadentries',
    shortName: 'we',
    columns: [AGE, ['Address', '.spec.address', 'Address of the workload.']],
    needsSpec: true,
    description: 'One workload outside of Kubernetes, such as a virtual machine.',
  },
  {
    ...NETWORKING,
    kind: 'WorkloadGroup',
    plural: 'workloadgroups',
    shortName: 'wg',
    columns: [AGE],
    needsSpec: true,
    description: 'Template and health check of workloads that register themselves.',
  },
  {
    ...SECURITY,
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    shortName: 'ap',
    columns: [['Action', '.spec.action', 'What is done with requests that match.'], AGE],
    description: 'Who may call which workloads, and how.',
  },
  {
    ...SECURITY,
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    shortName: 'pa',
    columns: [['Mode', '.spec.mtls.mode', 'Which connections are accepted.'], AGE],
    description: 'Whether workloads accept plain text, mutual TLS or both.',
  },
  {
    ...SECURITY,
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    shortName: 'ra',
    columns: [],
    description: 'Which JSON Web Tokens workloads accept. A request without a token still passes.',
  },
  {
    group: 'telemetry.istio.io',
    // v1alpha1 is what clusters already store.
    versions: ['v1alpha1', 'v1'],
    kind: 'Telemetry',
    plural: 'telemetries',
    shortName: 'telemetry',
    columns: [AGE],
    description: 'Metrics, traces and access logs of workloads.',
  },
];

const BY_GROUP_AND_KIND = new Map(ISTIO_KINDS.map(({ group, kind }) => [`${group}/${kind}`, kind]));

/** The kind that a group and name mean, or undefined when it is not Istio's (`Gateway` is also Gateway API's). */
export function istioKind(group: string, kind: string): IstioKindName | undefined {
  return BY_GROUP_AND_KIND.get(`${group}/${kind}`);
}
