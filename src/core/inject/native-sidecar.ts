/** A node of the cluster, as far as injection needs it. */
export interface InjectionNode {
  name: string;
  kubeletVersion: string;
}

/** What the versions of the nodes mean for native sidecars. */
export interface NodeVersions {
  /** Nodes that are too old, by name, and those that are new enough. */
  supports: ReadonlyMap<string, boolean>;
  allSupport: boolean;
}

/** Native sidecars are stable from this minor version of Kubernetes on. */
const MIN_MINOR = 33;
/** What hashicorp/go-version reads: numbers, then a pre-release, then build metadata after a plus. */
const VERSION =
  /^v?(\d+(?:\.\d+)*)(?:-?[A-Za-z~-][\dA-Za-z~-]*(?:\.[\dA-Za-z~-]+)*|-\d[\dA-Za-z~-]*(?:\.[\dA-Za-z~-]+)*)?(?:\+[\dA-Za-z~-]+(?:\.[\dA-Za-z~-]+)*)?$/;

/** Reads the versions once, so that an injection needs no walk over the nodes. */
export function compileNodes(nodes: readonly InjectionNode[]): NodeVersions {
  const supports = new Map(nodes.map(({ name, kubeletVersion }) => [name, isNewEnough(kubeletVersion)]));
  return { supports, allSupport: nodes.every(({ kubeletVersion }) => isNewEnough(kubeletVersion)) };
}

/**
 * Whether pods get the proxy as a native sidecar: `true` always, `auto` when the pod's node (or every node, while
 * the pod has none) is new enough, anything else never. Without node information `auto` means no.
 */
export function detectNativeSidecar(setting: string, nodes: NodeVersions | undefined, nodeName: string): boolean {
  if (setting === 'true') return true;
  if (setting !== 'auto' || !nodes) return false;
  return nodes.supports.get(nodeName) ?? nodes.allSupport;
}

function isNewEnough(kubeletVersion: string): boolean {
  const numbers = VERSION.exec(kubeletVersion)?.[1];
  return numbers !== undefined && Number(numbers.split('.')[1] ?? 0) >= MIN_MINOR;
}
