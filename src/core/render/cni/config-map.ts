import { CNI_NAME, appLabels } from './labels.ts';
import type { ChartContext } from '../chart.ts';
import { bareLabel } from '../labels.ts';
import { printedValues, quoted } from '../quoted.ts';
import { firstTruthy, inScope, isOn, isTruthy, listAt, objectAt, printed, valueAt } from '../../values/value-tree.ts';
import type { Values } from '../../values/value-tree.ts';
import { toYamlText } from '../yaml-text.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

/** Keys whose value is the printed value at a path. */
const SETTINGS: Record<string, string> = {
  AMBIENT_ENABLED: 'ambient.enabled',
  AMBIENT_DNS_CAPTURE: 'ambient.dnsCapture',
  AMBIENT_IPV6: 'ambient.ipv6',
  AMBIENT_RECONCILE_POD_RULES_ON_STARTUP: 'ambient.reconcileIptablesOnStartup',
  ENABLE_AMBIENT_DETECTION_RETRY: 'ambient.enableAmbientDetectionRetry',
  ISTIO_OWNED_CNI_CONFIG: 'istioOwnedCNIConfig',
  CHAINED_CNI_PLUGIN: 'chained',
  REPAIR_ENABLED: 'repair.enabled',
  REPAIR_LABEL_PODS: 'repair.labelPods',
  REPAIR_DELETE_PODS: 'repair.deletePods',
  REPAIR_REPAIR_PODS: 'repair.repairPods',
  REPAIR_INIT_CONTAINER_NAME: 'repair.initContainerName',
  REPAIR_BROKEN_POD_LABEL_KEY: 'repair.brokenPodLabelKey',
  REPAIR_BROKEN_POD_LABEL_VALUE: 'repair.brokenPodLabelValue',
  NATIVE_NFTABLES: 'global.nativeNftables',
};

function settings(values: Values): JsonObject {
  return Object.fromEntries(Object.entries(SETTINGS).map(([key, path]) => [key, quoted(valueAt(values, path))]));
}

/** File names of the plugin's configuration; absent rather than empty. */
function fileNames(context: ChartContext): JsonObject {
  const { values } = context;
  const name = valueAt(values, 'cniConfFileName');
  const owned = quoted(valueAt(values, 'istioOwnedCNIConfigFileName'));
  return {
    ...(isTruthy(name) ? { CNI_CONF_NAME: bareLabel(context, name) } : {}),
    ...(isOn(values, 'istioOwnedCNIConfig') ? { ISTIO_OWNED_CNI_CONF_FILENAME: owned } : {}),
  };
}

/** The agent's settings, which it reads as environment variables. */
export function renderConfigMap(context: ChartContext): KubeObject[] {
  const { values } = context;
  if (!inScope(values, 'namespace')) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${CNI_NAME}-config`, namespace: context.namespace, labels: appLabels(context) },
      data: {
        CURRENT_AGENT_VERSION: quoted(firstTruthy(valueAt(values, 'tag')) ?? valueAt(values, 'global.tag')),
        AMBIENT_ENABLEMENT_SELECTOR: toYamlText(valueAt(values, 'ambient.enablementSelectors') ?? null),
        ...settings(values),
        ...fileNames(context),
        EXCLUDE_NAMESPACES: listAt(values, 'excludeNamespaces').map(printed).join(','),
        ...printedValues(context, objectAt(values, 'env')),
      },
    },
  ];
}
