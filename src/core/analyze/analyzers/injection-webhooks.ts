import { REVISION_LABEL } from '../../../api/istio-names.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { WebhookConfigurationView, WebhookView } from '../kubernetes-views.ts';
import { message, missing, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import type { LabelSelector } from '../../label-selector.ts';
import { takeSamePods } from '../../inject/injector-conflicts.ts';
import type { World } from '../world.ts';

interface Injector {
  configuration: Resource;
  webhook: WebhookView;
}

function namesRevision(configuration: Resource): boolean {
  const { webhooks = [] } = specAs<WebhookConfigurationView>(configuration);
  const selectors = webhooks.flatMap(({ namespaceSelector, objectSelector }) => [namespaceSelector, objectSelector]);
  return REVISION_LABEL in configuration.labels || selectors.some(asksForRevision);
}

function asksForRevision(selector: LabelSelector | undefined): boolean {
  const expressions = selector?.matchExpressions ?? [];
  return (
    REVISION_LABEL in (selector?.matchLabels ?? {}) ||
    expressions.some(({ key, values }) => key === REVISION_LABEL && (values ?? []).length > 0)
  );
}

function injectorsIn(world: World): Injector[] {
  return world.list(KIND.mutatingWebhookConfiguration).flatMap((configuration) => {
    const { webhooks = [] } = specAs<WebhookConfigurationView>(configuration);
    const injects = namesRevision(configuration) || webhooks.some(({ name }) => name.endsWith('istio.io'));
    return injects ? webhooks.map((webhook) => ({ configuration, webhook })) : [];
  });
}

const nameOf = ({ configuration, webhook }: Injector): string => `${configuration.name}/${webhook.name}`;

function overlaps(world: World): Message[] {
  const injectors = injectorsIn(world);
  return injectors.flatMap((injector) => {
    const { configuration, webhook } = injector;
    const others = injectors.filter((other) => other !== injector && takeSamePods(webhook, other.webhook));
    if (others.length === 0) return [];
    const text = `Webhook ${webhook.name} selects the same pods as ${others.map(nameOf).sort().join(', ')}: they would be injected twice.`;
    return [message('IST0139', configuration, text, `webhooks[${webhook.name}]`)];
  });
}

function missingServices(world: World): Message[] {
  return injectorsIn(world).flatMap(({ configuration, webhook }) => {
    const service = webhook.clientConfig?.service;
    if (!service || world.find(KIND.service, service)) return [];
    const text = `Webhook ${webhook.name} calls Service ${service.namespace}/${service.name}, which does not exist.`;
    const found = message('IST0139', configuration, text, `webhooks[${webhook.name}].clientConfig.service`);
    return [missing(found, { kind: KIND.service, name: service.name, namespace: service.namespace })];
  });
}

/** Injection webhooks that select the same pods, or that nobody serves. */
export const injectionWebhooks: Analyzer = {
  name: 'webhook.Analyzer',
  inputs: [KIND.mutatingWebhookConfiguration, KIND.service],
  analyze: (world) => [...overlaps(world), ...missingServices(world)],
};
