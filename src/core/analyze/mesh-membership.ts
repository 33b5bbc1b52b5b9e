import {
  DATAPLANE_MODE_LABEL,
  INJECT_LABEL,
  NAMESPACE_INJECTION_LABEL,
  PROXY_CONTAINER,
  REVISION_LABEL,
} from '../../api/istio-names.ts';
import { KIND } from './kinds.ts';
import { allContainers, type ContainerView, type DeploymentView, type PodSpecView } from './kubernetes-views.ts';
import { specAs, type Resource } from './resource.ts';
import type { Labels } from '../label-selector.ts';
import type { World } from './world.ts';

/** Whether a workload has a proxy, or would get one by its label, its annotation or its namespace, in this order. */
function inMesh(
  world: World,
  workload: { namespace: string; labels: Labels; annotations: Labels; containers: readonly ContainerView[] },
): boolean {
  const { namespace, labels, annotations, containers } = workload;
  const proxy = containers.find(({ name }) => name === PROXY_CONTAINER);
  if (proxy?.image) return true;
  const asked = labels[INJECT_LABEL] ?? annotations[INJECT_LABEL];
  if (asked !== undefined) return asked === 'true';
  return (
    world.find(KIND.namespace, { namespace: '', name: namespace })?.labels[NAMESPACE_INJECTION_LABEL] === 'enabled'
  );
}

export function podInMesh(world: World, pod: Resource): boolean {
  const { namespace, labels, annotations } = pod;
  return inMesh(world, { namespace, labels, annotations, containers: allContainers(specAs<PodSpecView>(pod)) });
}

export function deploymentInMesh(world: World, deployment: Resource): boolean {
  const template = specAs<DeploymentView>(deployment).template ?? {};
  return inMesh(world, {
    namespace: deployment.namespace,
    labels: template.metadata?.labels ?? {},
    annotations: template.metadata?.annotations ?? {},
    containers: template.spec?.containers ?? [],
  });
}

/** Whether ztunnel carries the pod's traffic. */
export function podInAmbient(pod: Resource | undefined): boolean {
  return pod?.annotations['ambient.istio.io/redirection'] === 'enabled';
}

/** Whether a namespace is in ambient mode; a label for sidecars wins. */
export function namespaceInAmbient(namespace: Resource | undefined): boolean {
  if (!namespace) return false;
  const { labels } = namespace;
  if (labels[NAMESPACE_INJECTION_LABEL] === 'enabled' || labels[REVISION_LABEL]) return false;
  return labels[DATAPLANE_MODE_LABEL] === 'ambient';
}

/** Whether a workload is part of Istio's own control plane or gateways. */
export function isControlPlane(resource: Resource): boolean {
  return 'istio' in resource.labels || resource.labels.release === 'istio';
}
