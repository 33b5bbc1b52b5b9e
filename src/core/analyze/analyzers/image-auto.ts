import { PROXY_CONTAINER } from '../../../api/istio-names.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { type DeploymentView, type PodSpecView, type WebhookConfigurationView } from '../kubernetes-views.ts';
import { message, missing, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { isSelected } from '../../label-selector.ts';
import type { World } from '../world.ts';

/** Whether injection was or will be there cannot be told without its webhooks. */
const INJECTOR = { kind: KIND.mutatingWebhookConfiguration, name: 'istio-sidecar-injector' };

function wantsImage({ containers = [] }: PodSpecView): boolean {
  return containers.some(({ name, image }) => name === PROXY_CONTAINER && image === 'auto');
}

function isInjected(world: World, deployment: Resource): boolean {
  const namespace =
    world.find(KIND.namespace, { namespace: '', name: deployment.namespace || 'default' })?.labels ?? {};
  const labels = specAs<DeploymentView>(deployment).template?.metadata?.labels ?? {};
  return world
    .list(KIND.mutatingWebhookConfiguration)
    .flatMap((configuration) => specAs<WebhookConfigurationView>(configuration).webhooks ?? [])
    .filter(({ name }) => name.endsWith('istio.io'))
    .some(
      ({ namespaceSelector, objectSelector }) =>
        isSelected(namespace, namespaceSelector) && isSelected(labels, objectSelector),
    );
}

function checkPods(world: World): Message[] {
  return world
    .list(KIND.pod)
    .filter((pod) => wantsImage(specAs<PodSpecView>(pod)))
    .map((pod) => {
      const text = `Pod ${pod.name} still has image "auto": injection did not fill it in, and the pod cannot start.`;
      return missing(message('IST0147', pod, text, 'spec.containers'), INJECTOR);
    });
}

function checkDeployments(world: World): Message[] {
  return world
    .list(KIND.deployment)
    .filter((deployment) => wantsImage(specAs<DeploymentView>(deployment).template?.spec ?? {}))
    .filter((deployment) => !isInjected(world, deployment))
    .map((deployment) => {
      const text = `Deployment ${deployment.name} has image "auto", but no injection webhook selects its pods: label the namespace or the pods.`;
      return missing(message('IST0146', deployment, text, 'spec.template.spec.containers'), INJECTOR);
    });
}

/** Proxies that wait for injection to name their image. */
export const imageAuto: Analyzer = {
  name: 'injection.ImageAutoAnalyzer',
  inputs: [KIND.namespace, KIND.pod, KIND.deployment, KIND.mutatingWebhookConfiguration],
  analyze: (world) => [...checkPods(world), ...checkDeployments(world)],
};
