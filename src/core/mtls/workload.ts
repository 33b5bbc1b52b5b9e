import { PROXY_CONTAINER, REVISION_LABEL, STATUS_ANNOTATION, TLS_MODE_LABEL } from '../../api/istio-names.ts';
import { KIND } from '../analyze/kinds.ts';
import { allContainers, podSpecOf, type ContainerView, type DeploymentView } from '../analyze/kubernetes-views.ts';
import { deploymentInMesh, namespaceInAmbient, podInAmbient, podInMesh } from '../analyze/mesh-membership.ts';
import { specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { injectedRevision } from '../inject/pod-revision.ts';
import { DEFAULT_REVISION } from '../inject/revision-path.ts';
import {
  EXCLUDE_INBOUND_PORTS,
  EXCLUDE_OUTBOUND_PORTS,
  INCLUDE_INBOUND_PORTS,
} from '../inject/templates/traffic-settings.ts';
import type { Labels } from '../label-selector.ts';

/** Who carries the traffic of a workload: a sidecar, the proxy of a gateway, ztunnel, or nobody of the mesh. */
export type Carrier = 'sidecar' | 'gateway' | 'ambient' | 'none';

/** A pod, or what the pods of a Deployment in a file would be. */
export interface Workload {
  resource: Resource;
  name: string;
  namespace: string;
  labels: Labels;
  carrier: Carrier;
  /** Whether istiod tells clients that it takes mutual TLS; clients that are told nothing send plain text by themselves. */
  announcesMtls: boolean;
  /** Whether its proxy speaks HBONE, the tunnel of ambient mode. */
  speaksHbone: boolean;
  /** Whether its traffic at a port goes past the proxy, by annotations. */
  goesPast: (direction: 'in' | 'out', port: number) => boolean;
  /** Revision of its control plane, `default` for the one without a name; undefined when nothing says it. */
  revision: string | undefined;
}

/** On pods: `http` where the sidecar speaks HBONE. */
const TUNNEL_LABEL = 'networking.istio.io/tunnel';
/** Phases of pods that serve and call nobody any more. */
const FINISHED: readonly unknown[] = ['Succeeded', 'Failed'];

/** The workloads of a world: its pods, and the Deployments of files, whose pods are not there yet. */
export function workloadsOf(world: World): Workload[] {
  const pods = world.list(KIND.pod).filter(({ status }) => !FINISHED.includes(status?.phase));
  const deployments = world.list(KIND.deployment).filter(({ origin }) => origin.file !== undefined);
  return [...pods, ...deployments].map((resource) => workloadOf(world, resource));
}

/** What a Pod, or a Deployment for its pods, is in the mesh. */
export function workloadOf(world: World, resource: Resource): Workload {
  const { name, namespace } = resource;
  const { labels, annotations } = podMetadata(resource);
  const carrier = carrierOf(world, resource);
  const isPod = resource.kind === KIND.pod;
  // The label comes with the sidecar; who is not injected yet will have it.
  const tlsMode = labels[TLS_MODE_LABEL] ?? (!isPod && carrier === 'sidecar' ? 'istio' : undefined);
  return {
    resource,
    name,
    namespace,
    labels,
    carrier,
    announcesMtls: tlsMode === 'istio',
    speaksHbone: carrier === 'ambient' || labels[TUNNEL_LABEL] === 'http',
    goesPast: (direction, port) => isExcluded(annotations, direction, port),
    revision: injectedRevision(annotations[STATUS_ANNOTATION]) ?? labels[REVISION_LABEL],
  };
}

/** The number of a port of a workload: by itself, or by the name that a container gives it. */
export function portOf({ resource }: Workload, port: number | string): number | undefined {
  if (typeof port === 'number') return port;
  const ports = allContainers(podSpecOf(resource)).flatMap(({ ports: listed = [] }) => listed);
  return ports.find(({ name }) => name === port)?.containerPort;
}

function isExcluded(annotations: Labels, direction: 'in' | 'out', port: number): boolean {
  const [excluded, included] =
    direction === 'in' ? [EXCLUDE_INBOUND_PORTS, INCLUDE_INBOUND_PORTS] : [EXCLUDE_OUTBOUND_PORTS, undefined];
  if (names(annotations[excluded], port)) return true;
  const wanted = included && annotations[included];
  return wanted !== undefined && wanted.trim() !== '*' && !names(wanted, port);
}

/** Whether a list of ports, with commas, has one. */
function names(list: string | undefined, port: number): boolean {
  return list !== undefined && list.split(',').some((each) => each.trim() === String(port));
}

function podMetadata(resource: Resource): { labels: Labels; annotations: Labels } {
  if (resource.kind === KIND.pod) return resource;
  const { labels = {}, annotations = {} } = specAs<DeploymentView>(resource).template?.metadata ?? {};
  return { labels, annotations };
}

function carrierOf(world: World, resource: Resource): Carrier {
  const spec = podSpecOf(resource);
  const containers = spec.containers ?? [];
  if (containers.length > 0 && containers.every(isProxy)) return 'gateway';
  if (resource.kind === KIND.pod) {
    if (podInAmbient(resource)) return 'ambient';
    if (allContainers(spec).some(isProxy)) return 'sidecar';
    // A pod of a cluster is as it is; one of a file will be injected.
    return resource.origin.file !== undefined && podInMesh(world, resource) ? 'sidecar' : 'none';
  }
  if (deploymentInMesh(world, resource)) return 'sidecar';
  const namespace = world.find(KIND.namespace, { namespace: '', name: resource.namespace });
  return namespaceInAmbient(namespace) ? 'ambient' : 'none';
}

function isProxy({ name }: ContainerView): boolean {
  return name === PROXY_CONTAINER;
}

/** Whether the control plane of a revision reads a resource: one with a label is for that revision alone. */
export function isReadBy({ labels }: Resource, revision: string | undefined): boolean {
  const wanted = labels[REVISION_LABEL];
  return wanted === undefined || revision === undefined || (wanted || DEFAULT_REVISION) === revision;
}
