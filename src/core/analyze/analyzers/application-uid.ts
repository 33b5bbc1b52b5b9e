import { PROXY_CONTAINER } from '../../../api/istio-names.ts';
import { proxyIds, type ProxyIds } from '../../inject/openshift-ids.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { allContainers, podSpecOf, type PodSpecView, type SecurityView } from '../kubernetes-views.ts';
import { deploymentInMesh, isControlPlane, podInMesh } from '../mesh-membership.ts';
import { message, type Message } from '../messages.ts';
import type { Resource } from '../resource.ts';
import type { World } from '../world.ts';

/** The user of the proxy, whose traffic is not captured. */
const PROXY_UID = 1337;
const OWN_CONTAINERS = [PROXY_CONTAINER, 'istio-operator'];
/** Containers that injection adds. */
const INJECTED = [PROXY_CONTAINER, 'istio-init', 'istio-validation', 'enable-core-dump'];

function runsAsProxy(spec: PodSpecView): boolean {
  if (spec.securityContext?.runAsUser === PROXY_UID) return true;
  return (spec.containers ?? []).some(
    ({ name = '', securityContext }) => securityContext?.runAsUser === PROXY_UID && !OWN_CONTAINERS.includes(name),
  );
}

/** Applications under the user of the proxy, which bypass it. */
export const applicationUid: Analyzer = {
  name: 'applicationUID.Analyzer',
  inputs: [KIND.pod, KIND.deployment],
  analyze: (world) =>
    [...world.list(KIND.pod), ...world.list(KIND.deployment)]
      .filter((resource) => !isControlPlane(resource) && runsAsProxy(podSpecOf(resource)))
      .map((resource) => {
        const text = `The application runs as user ${String(PROXY_UID)}, the proxy's own: its traffic is not captured. Choose another user.`;
        return message('IST0144', resource, text, 'spec');
      }),
};

/** What the proxy of a workload runs as: as it was injected, else as injection would have it. */
function idsOfProxy(world: World, { namespace }: Resource, spec: PodSpecView): ProxyIds {
  const annotations = world.find(KIND.namespace, { namespace: '', name: namespace })?.annotations;
  const { uid, gid } = proxyIds(annotations);
  const own = allContainers(spec).find(({ name, image }) => name === PROXY_CONTAINER && image)?.securityContext;
  return { uid: own?.runAsUser ?? uid, gid: own?.runAsGroup ?? gid };
}

function checkIds(world: World, resource: Resource): Message[] {
  const spec = podSpecOf(resource);
  const { uid, gid } = idsOfProxy(world, resource, spec);
  const base = resource.kind === KIND.pod ? 'spec' : 'spec.template.spec';
  return (['containers', 'initContainers'] as const).flatMap((field) =>
    (spec[field] ?? []).flatMap(({ name = '', securityContext }, i) => {
      if (INJECTED.includes(name)) return [];
      const { runAsUser, runAsGroup }: SecurityView = { ...spec.securityContext, ...securityContext };
      // The usual user has a code of its own.
      const shared = [
        ...(runAsUser === uid && uid !== PROXY_UID ? [`user ${String(uid)}`] : []),
        ...(runAsGroup === gid ? [`group ${String(gid)}`] : []),
      ].join(' and ');
      if (shared === '') return [];
      const text = `Container ${name} runs as ${shared}, as the proxy does: its traffic is not captured. Choose another one.`;
      return [message('SWT0009', resource, text, `${base}.${field}[${i}].securityContext`)];
    }),
  );
}

/** Applications under the group of the proxy, or under its user where OpenShift assigns one. */
export const applicationIds: Analyzer = {
  name: 'sailwright.ApplicationIdAnalyzer',
  inputs: [KIND.pod, KIND.deployment, KIND.namespace],
  analyze: (world) =>
    [
      ...world.list(KIND.pod).filter((pod) => podInMesh(world, pod)),
      ...world.list(KIND.deployment).filter((deployment) => deploymentInMesh(world, deployment)),
    ]
      .filter((resource) => !isControlPlane(resource))
      .flatMap((resource) => checkIds(world, resource)),
};
