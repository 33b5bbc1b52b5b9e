import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { WebhookConfigurationView, WebhookView } from '../kubernetes-views.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';

const IP_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[?[0-9a-f]*:[0-9a-f:.]+\]?)$/i;

function isIstiosOwn({ kind, name }: Resource): boolean {
  if (kind === KIND.mutatingWebhookConfiguration) return name.startsWith('istio-sidecar-injector');
  return name === 'istiod-default-validator' || name.startsWith('istio-validator');
}

function check(resource: Resource, { name, clientConfig = {} }: WebhookView): Message[] {
  const { url, service } = clientConfig;
  const path = `webhooks[${name}].clientConfig`;
  if (url === undefined) {
    if (service) return [];
    return [
      message('IST0163', resource, `Webhook ${name} names neither a URL nor a Service: it can never answer.`, path),
    ];
  }
  if (!URL.canParse(url)) {
    return [message('IST0163', resource, `The URL of webhook ${name} is malformed: "${url}".`, `${path}.url`)];
  }
  if (!IP_ADDRESS.test(new URL(url).hostname)) return [];
  const text = `Webhook ${name} names the control plane by an IP address (${url}): use a host name, which survives a new address.`;
  return [message('IST0164', resource, text, `${path}.url`)];
}

/** Webhooks that call a control plane outside the cluster. */
export const externalControlPlane: Analyzer = {
  name: 'externalcontrolplane.ExternalControlPlaneAnalyzer',
  inputs: [KIND.validatingWebhookConfiguration, KIND.mutatingWebhookConfiguration],
  analyze: (world) =>
    [...world.list(KIND.validatingWebhookConfiguration), ...world.list(KIND.mutatingWebhookConfiguration)]
      .filter(isIstiosOwn)
      .flatMap((resource) =>
        (specAs<WebhookConfigurationView>(resource).webhooks ?? []).flatMap((webhook) => check(resource, webhook)),
      ),
};
