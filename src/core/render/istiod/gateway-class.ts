import { revisionLabel } from '../labels.ts';
import { isJsonObject } from '../../kube-object.ts';
import { isTruthy, sortedEntries, valueAt } from '../../values/value-tree.ts';
import { toYamlText } from '../yaml-text.ts';
import { pilotLabels } from './identity.ts';
import { RenderError } from '../../render-error.ts';
import type { ChartContext } from '../chart.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

/** Defaults for what istiod deploys for a class of Gateway API gateways: one ConfigMap per class, one key per kind. */
export function renderGatewayClassConfigMaps(context: ChartContext): KubeObject[] {
  const classes = mapOf(valueAt(context.values, 'gatewayClasses'), 'values.gatewayClasses', 'classes');
  return sortedEntries(classes).map(([className, overlays]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `istio-${revisionLabel(context)}-gatewayclass-${className}`,
      namespace: context.namespace,
      labels: { ...pilotLabels(context), 'gateway.istio.io/defaults-for-class': className },
    },
    data: Object.fromEntries(
      sortedEntries(mapOf(overlays, `values.gatewayClasses.${className}`, 'kinds')).map(([kind, overlay]) => [
        kind,
        `${toYamlText(overlay)}\n`,
      ]),
    ),
  }));
}

/** The schema takes anything here; whatever is empty stands for no entries. */
function mapOf(value: Json | undefined, path: string, entries: string): JsonObject {
  if (isJsonObject(value)) return value;
  if (isTruthy(value)) throw new RenderError(path, `must be a map of ${entries}, got ${JSON.stringify(value)}`);
  return {};
}
