import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { PROXY_CONTAINER, type DeploymentView, type PodSpecView } from '../kubernetes-views.ts';
import { isControlPlane } from '../mesh-membership.ts';
import { message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';

/** The user of the proxy, whose traffic is not captured. */
const PROXY_UID = 1337;
const OWN_CONTAINERS = [PROXY_CONTAINER, 'istio-operator'];

function podSpecOf(resource: Resource): PodSpecView {
  return resource.kind === KIND.pod
    ? specAs<PodSpecView>(resource)
    : (specAs<DeploymentView>(resource).template?.spec ?? {});
}

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
