/**
 * How strategic merge patch treats the lists of the kinds that Istio renders (Kubernetes' `patchMergeKey` and
 * `patchStrategy` struct tags). A list that is not named here is replaced as a whole.
 */
export interface MergeShape {
  /** Lists merged element by element. */
  lists?: Record<string, ListShape>;
  /** Lists of scalars that are merged as sets. */
  sets?: readonly string[];
  /** Maps that a patch replaces instead of merging. */
  replaced?: readonly string[];
  /** Maps whose fields have shapes of their own. */
  fields?: Record<string, MergeShape>;
}

interface ListShape {
  /** What identifies an element. */
  key: string;
  /** The shape of an element. */
  element?: MergeShape;
  /** Whether an element whose key is null is one: Go decodes it to an empty key, where the result is decoded. */
  takesNull?: boolean;
}

const container: MergeShape = {
  lists: {
    ports: { key: 'containerPort' },
    env: { key: 'name' },
    volumeMounts: { key: 'mountPath' },
    volumeDevices: { key: 'devicePath' },
  },
};

const podSpec: MergeShape = {
  lists: {
    volumes: { key: 'name' },
    initContainers: { key: 'name', element: container },
    containers: { key: 'name', element: container },
    ephemeralContainers: { key: 'name', element: container },
    imagePullSecrets: { key: 'name' },
    hostAliases: { key: 'ip' },
    topologySpreadConstraints: { key: 'topologyKey' },
    schedulingGates: { key: 'name' },
    resourceClaims: { key: 'name' },
  },
};

/** A pod is decoded once it is merged. */
function decoded(shape: MergeShape): MergeShape {
  const lists = Object.entries(shape.lists ?? {}).map(([name, list]): [string, ListShape] => [
    name,
    { ...list, takesNull: true, ...(list.element ? { element: decoded(list.element) } : {}) },
  ]);
  return { ...shape, lists: Object.fromEntries(lists) };
}

const podStatus: MergeShape = {
  lists: {
    conditions: { key: 'type' },
    hostIPs: { key: 'ip' },
    podIPs: { key: 'ip' },
    resourceClaimStatuses: { key: 'name' },
  },
};

const metadata: MergeShape = { lists: { ownerReferences: { key: 'uid' } }, sets: ['finalizers'] };

const workload: MergeShape = {
  fields: { metadata, spec: { fields: { template: { fields: { metadata, spec: podSpec } } } } },
};

const SHAPES: Record<string, MergeShape> = {
  Pod: { fields: { metadata, spec: decoded(podSpec), status: decoded(podStatus) } },
  Deployment: workload,
  DaemonSet: workload,
  Service: { fields: { metadata, spec: { lists: { ports: { key: 'port' } } } } },
  PodDisruptionBudget: { fields: { metadata, spec: { replaced: ['selector'] } } },
  ServiceAccount: { fields: { metadata }, lists: { secrets: { key: 'name' } } },
};

const PLAIN: MergeShape = { fields: { metadata } };

export function mergeShapeOf(kind: string): MergeShape {
  return SHAPES[kind] ?? PLAIN;
}
