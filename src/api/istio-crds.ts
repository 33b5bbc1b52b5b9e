/** A CustomResourceDefinition as plain data. */
export type CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'CustomResourceDefinition';
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
};

/** One column of `kubectl get`: heading, and the field that it shows. */
type Column = readonly [heading: string, jsonPath: string];

/** What the API server must know of one of Istio's kinds. All of them are namespaced and have a status. */
export interface IstioKind {
  group: string;
  kind: string;
  plural: string;
  shortName?: string;
  /** Served versions; the first is the one that is stored. */
  versions: readonly [string, ...string[]];
  columns: readonly Column[];
  /** Whether an object without a spec is refused. */
  needsSpec?: true;
}

const AGE: Column = ['Age', '.metadata.creationTimestamp'];
const NETWORKING = ['v1', 'v1alpha3', 'v1beta1'] as const;
const SECURITY = ['v1', 'v1beta1'] as const;

/** Istio's own kinds. */
export const ISTIO_KINDS: readonly IstioKind[] = [
  {
    group: 'extensions.istio.io',
    kind: 'TrafficExtension',
    plural: 'trafficextensions',
    versions: ['v1alpha1'],
    columns: [AGE],
    needsSpec: true,
  },
  {
    group: 'extensions.istio.io',
    kind: 'WasmPlugin',
    plural: 'wasmplugins',
    versions: ['v1alpha1'],
    columns: [AGE],
    needsSpec: true,
  },
  {
    group: 'networking.istio.io',
    kind: 'DestinationRule',
    plural: 'destinationrules',
    shortName: 'dr',
    versions: NETWORKING,
    columns: [['Host', '.spec.host'], AGE],
  },
  { group: 'networking.istio.io', kind: 'EnvoyFilter', plural: 'envoyfilters', versions: ['v1alpha3'], columns: [] },
  {
    group: 'networking.istio.io',
    kind: 'Gateway',
    plural: 'gateways',
    shortName: 'gw',
    versions: NETWORKING,
    columns: [],
  },
  { group: 'networking.istio.io', kind: 'ProxyConfig', plural: 'proxyconfigs', versions: ['v1beta1'], columns: [] },
  {
    group: 'networking.istio.io',
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    shortName: 'se',
    versions: NETWORKING,
    columns: [['Hosts', '.spec.hosts'], ['Location', '.spec.location'], ['Resolution', '.spec.resolution'], AGE],
    needsSpec: true,
  },
  { group: 'networking.istio.io', kind: 'Sidecar', plural: 'sidecars', versions: NETWORKING, columns: [] },
  {
    group: 'networking.istio.io',
    kind: 'VirtualService',
    plural: 'virtualservices',
    shortName: 'vs',
    versions: NETWORKING,
    columns: [['Gateways', '.spec.gateways'], ['Hosts', '.spec.hosts'], AGE],
  },
  {
    group: 'networking.istio.io',
    kind: 'WorkloadEntry',
    plural: 'workloadentries',
    shortName: 'we',
    versions: NETWORKING,
    columns: [AGE, ['Address', '.spec.address']],
    needsSpec: true,
  },
  {
    group: 'networking.istio.io',
    kind: 'WorkloadGroup',
    plural: 'workloadgroups',
    shortName: 'wg',
    versions: NETWORKING,
    columns: [AGE],
    needsSpec: true,
  },
  {
    group: 'security.istio.io',
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    shortName: 'ap',
    versions: SECURITY,
    columns: [['Action', '.spec.action'], AGE],
  },
  {
    group: 'security.istio.io',
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    shortName: 'pa',
    versions: SECURITY,
    columns: [['Mode', '.spec.mtls.mode'], AGE],
  },
  {
    group: 'security.istio.io',
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    shortName: 'ra',
    versions: SECURITY,
    columns: [],
  },
  // v1alpha1 is what clusters already store.
  {
    group: 'telemetry.istio.io',
    kind: 'Telemetry',
    plural: 'telemetries',
    shortName: 'telemetry',
    versions: ['v1alpha1', 'v1'],
    columns: [AGE],
  },
];

/** The definitions of Istio's own kinds, in a stable order. They outlive the installation, and their objects with them. */
export function istioCustomResourceDefinitions(): CustomResourceDefinition[] {
  return ISTIO_KINDS.map(definitionOf);
}

function definitionOf(kind: IstioKind): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${kind.plural}.${kind.group}`,
      annotations: { 'helm.sh/resource-policy': 'keep' },
    },
    spec: {
      group: kind.group,
      names: {
        categories: ['istio-io', kind.group.replaceAll('.', '-')],
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        ...(kind.shortName ? { shortNames: [kind.shortName] } : {}),
        singular: kind.kind.toLowerCase(),
      },
      scope: 'Namespaced',
      versions: [...kind.versions].sort().map((version) => versionOf(kind, version)),
    },
  };
}

function versionOf(kind: IstioKind, version: string): Record<string, unknown> {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const columns = kind.columns.map(([name, jsonPath]) => ({
    jsonPath,
    name,
    type: name === 'Age' ? 'date' : 'string',
  }));
  return {
    ...(columns.length > 0 ? { additionalPrinterColumns: columns } : {}),
    name: version,
    schema: {
      openAPIV3Schema: {
        properties: { spec: open, status: open },
        ...(kind.needsSpec ? { required: ['spec'] } : {}),
        type: 'object',
      },
    },
    served: true,
    storage: version === kind.versions[0],
    subresources: { status: {} },
  };
}
