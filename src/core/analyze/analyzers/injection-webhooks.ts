import { INJECT_LABEL, NAMESPACE_INJECTION_LABEL, REVISION_LABEL } from '../../../api/istio-names.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { WebhookConfigurationView, WebhookView } from '../kubernetes-views.ts';
import { message, missing, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { isSelected, type LabelSelector, type Labels } from '../../label-selector.ts';
import type { World } from '../world.ts';

interface Injector {
  configuration: Resource;
  webhook: WebhookView;
}

function revisionsIn(selector: LabelSelector | undefined): string[] {
  const exact = selector?.matchLabels?.[REVISION_LABEL];
  const expressions = (selector?.matchExpressions ?? []).filter(({ key }) => key === REVISION_LABEL);
  return [...(exact === undefined ? [] : [exact]), ...expressions.flatMap(({ values }) => values ?? [])];
}

function revisionsOf(configuration: Resource): string[] {
  const label = configuration.labels[REVISION_LABEL];
  const { webhooks = [] } = specAs<WebhookConfigurationView>(configuration);
  return [
    ...(label === undefined ? [] : [label]),
    ...webhooks.flatMap(({ namespaceSelector, objectSelector }) => [
      ...revisionsIn(namespaceSelector),
      ...revisionsIn(objectSelector),
    ]),
  ];
}

function injectors(world: World): { injectors: Injector[]; revisions: string[] } {
  const configurations = world.list(KIND.mutatingWebhookConfiguration).filter((configuration) => {
    const { webhooks = [] } = specAs<WebhookConfigurationView>(configuration);
    return revisionsOf(configuration).length > 0 || webhooks.some(({ name }) => name.endsWith('istio.io'));
  });
  return {
    injectors: configurations.flatMap((configuration) =>
      (specAs<WebhookConfigurationView>(configuration).webhooks ?? []).map((webhook) => ({ configuration, webhook })),
    ),
    revisions: [...new Set(configurations.flatMap(revisionsOf))],
  };
}

/** Every state of a label that the selectors distinguish, alone and with each revision. */
function labelStates(key: string, values: readonly string[], revisions: readonly string[]): Labels[] {
  const plain: Labels[] = [{}, ...values.map((value) => ({ [key]: value }))];
  return [
    ...plain,
    ...revisions.flatMap((revision) => plain.map((labels) => ({ ...labels, [REVISION_LABEL]: revision }))),
  ];
}

const nameOf = ({ configuration, webhook }: Injector): string => `${configuration.name}/${webhook.name}`;

function overlaps(world: World): Message[] {
  const found = injectors(world);
  const reported = new Map<string, Message>();
  for (const namespace of labelStates(NAMESPACE_INJECTION_LABEL, ['enabled', 'disabled'], found.revisions)) {
    for (const pod of labelStates(INJECT_LABEL, ['true', 'false'], found.revisions)) {
      const matching = found.injectors.filter(
        ({ webhook }) => isSelected(namespace, webhook.namespaceSelector) && isSelected(pod, webhook.objectSelector),
      );
      if (matching.length < 2) continue;
      for (const injector of matching) {
        const others = matching
          .filter((other) => other !== injector)
          .map(nameOf)
          .sort()
          .join(', ');
        const text = `Webhook ${injector.webhook.name} selects the same pods as ${others}: they would be injected twice.`;
        reported.set(text, message('IST0139', injector.configuration, text, `webhooks[${injector.webhook.name}]`));
      }
    }
  }
  return [...reported.values()];
}

function missingServices(world: World): Message[] {
  return injectors(world).injectors.flatMap(({ configuration, webhook }) => {
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
