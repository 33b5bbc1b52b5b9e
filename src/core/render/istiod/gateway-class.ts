import { revisionLabel } from '../labels.ts';
import { isJsonObject } from '../../kube-object.ts';
import { objectAt, sortedEntries } from '../value-tree.ts';
import { toYamlText } from '../yaml-text.ts';
import { pilotLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Defaults for what istiod deploys for a class of Gateway API gateways: one ConfigMap per class, one key per kind. */
export function renderGatewayClassConfigMaps(context: ChartContext): KubeObject[] {
  return sortedEntries(objectAt(context.values, 'gatewayClasses')).map(([className, overlays]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `istio-${revisionLabel(context)}-gatewayclass-${className}`,
      namespace: context.namespace,
      labels: { ...pilotLabels(context), 'gateway.istio.io/defaults-for-class': className },
    },
    data: Object.fromEntries(
      sortedEntries(isJsonObject(overlays) ? overlays : {}).map(([kind, overlay]) => [
        kind,
        `${toYamlText(overlay)}\n`,
      ]),
    ),
  }));
}
