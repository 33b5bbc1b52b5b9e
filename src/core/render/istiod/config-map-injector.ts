import { isAnsweredByIstiod } from '../sailwright-service.ts';
import { revisionSuffix } from '../labels.ts';
import { isOn, listAt, objectAt, printed, sortedEntries, str, valueAt } from '../../values/value-tree.ts';
import { isJsonObject } from '../../kube-object.ts';
import { toPrettyJson, toYamlText } from '../yaml-text.ts';
import { pilotLabels } from './identity.ts';
import { gatewayApiTemplates, podTemplates } from './injector-templates/index.ts';
import type { ChartContext } from '../chart.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

function pick(source: Json | undefined, keys: readonly string[]): JsonObject {
  const object = isJsonObject(source) ? source : {};
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(object, key)).map((key) => [key, object[key]]));
}

/** The part of the values that injection reads. */
export function computeInjectionValues(context: ChartContext): JsonObject {
  const { values } = context;
  return {
    ...pick(values, ['global', 'sidecarInjectorWebhook', 'revision']),
    pilot: pick(values, ['cni', 'env']),
    gateways: pick(valueAt(values, 'gateways'), ['securityContext', 'seccompProfile']),
  };
}

/** Policy, selectors and templates of injection. */
export function computeInjectionConfig(context: ChartContext): JsonObject {
  const { values, traits } = context;
  const chosen = listAt(values, 'sidecarInjectorWebhook.defaultTemplates');
  const annotations = sortedEntries(objectAt(values, 'sidecarInjectorWebhook.injectedAnnotations'));
  return {
    policy: str(values, 'global.proxy.autoInject'),
    defaultTemplates: isOn(values, 'sidecarInjectorWebhook.defaultTemplates') ? chosen : ['sidecar'],
    alwaysInjectSelector: listAt(values, 'sidecarInjectorWebhook.alwaysInjectSelector'),
    neverInjectSelector: listAt(values, 'sidecarInjectorWebhook.neverInjectSelector'),
    injectedAnnotations: Object.fromEntries(annotations.map(([key, value]) => [key, printed(value)])),
    templates: {
      ...gatewayApiTemplates(traits),
      // The operator injects by its builders; only an injector that is not ours needs their text.
      ...(isAnsweredByIstiod(context) ? podTemplates(traits) : {}),
      ...objectAt(values, 'sidecarInjectorWebhook.templates'),
    },
  };
}

/** Configuration of injection, and of istiod's controller for Gateway API deployments. */
export function renderInjectorConfigMap(context: ChartContext): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `istio-sidecar-injector${revisionSuffix(context)}`,
      namespace: context.namespace,
      labels: pilotLabels(context),
    },
    data: {
      values: toPrettyJson(computeInjectionValues(context)),
      config: toYamlText(computeInjectionConfig(context)),
    },
  };
}
