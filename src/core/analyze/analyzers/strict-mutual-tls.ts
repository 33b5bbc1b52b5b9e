import { PROXY_CONTAINER, SYSTEM_NAMESPACES } from '../../../api/istio-names.ts';
import { listSome } from '../../list-some.ts';
import type { PeerAuthentication } from '../../../api/security/peer-authentication.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { allContainers, type PodSpecView } from '../kubernetes-views.ts';
import { isControlPlane, podInAmbient } from '../mesh-membership.ts';
import { rootNamespaceOf } from '../mesh-settings.ts';
import { message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

/** Phases of pods that call nobody any more. */
const FINISHED: readonly unknown[] = ['Succeeded', 'Failed'];
/** Of Istio's own that do not carry its other labels in every version. */
const ISTIO_APPS = ['istiod', 'ztunnel', 'istio-cni'];

function isIstiosOwn(pod: Resource): boolean {
  const { app = '', 'app.kubernetes.io/part-of': partOf } = pod.labels;
  return isControlPlane(pod) || partOf === 'istio' || ISTIO_APPS.includes(app);
}

/** Whether a pod of applications runs without a proxy, so that what it sends is not encrypted. */
export function speaksPlaintext(pod: Resource): boolean {
  const spec = specAs<PodSpecView>(pod);
  // A container of this name is the proxy of a sidecar or of a gateway, with or without its image yet.
  if (allContainers(spec).some(({ name }) => name === PROXY_CONTAINER)) return false;
  return !isIstiosOwn(pod) && !podInAmbient(pod) && !spec.hostNetwork && !FINISHED.includes(pod.status?.phase);
}

/** Whether a namespace decides about mutual TLS itself, whatever the mesh says. */
function decidesItself(world: World, namespace: string): boolean {
  return world.listIn(KIND.peerAuthentication, namespace).some((resource) => {
    const { mtls, selector } = specAs<PeerAuthentication>(resource);
    return !selector && mtls?.mode !== undefined && mtls.mode !== 'UNSET';
  });
}

function podsUnder(world: World, { namespace }: Resource): readonly Resource[] {
  const root = rootNamespaceOf(world);
  if (namespace !== root) return world.listIn(KIND.pod, namespace);
  const namespaces = new Set(world.list(KIND.pod).map((pod) => pod.namespace));
  const governed = [...namespaces].filter(
    (each) => each === root || !(SYSTEM_NAMESPACES.includes(each) || decidesItself(world, each)),
  );
  return governed.flatMap((each) => world.listIn(KIND.pod, each));
}

function describe(pods: readonly Resource[], namespace: string): string {
  const others = new Set(pods.map((pod) => pod.namespace));
  const isLocal = others.size === 1 && others.has(namespace);
  const names = pods.map((pod) => (isLocal ? pod.name : `${pod.namespace}/${pod.name}`)).sort();
  return `Mutual TLS is required, but ${listSome(names)}${isLocal ? ' in this namespace' : ''} have no proxy: their calls to pods in the mesh are refused. Inject them, or use PERMISSIVE until they are.`;
}

/** Mutual TLS that is required of pods without a proxy to speak it: in the namespace of the policy, or in the mesh. */
export const strictMutualTls: Analyzer = {
  name: 'sailwright.StrictMutualTlsAnalyzer',
  inputs: [KIND.peerAuthentication, KIND.pod, KIND.meshConfig],
  analyze: (world) =>
    world.list(KIND.peerAuthentication).flatMap((resource) => {
      const { mtls, selector } = specAs<PeerAuthentication>(resource);
      if (mtls?.mode !== 'STRICT' || selector) return [];
      const pods = podsUnder(world, resource).filter(speaksPlaintext);
      if (pods.length === 0) return [];
      return [message('SWT0001', resource, describe(pods, resource.namespace), 'spec.mtls.mode')];
    }),
};
