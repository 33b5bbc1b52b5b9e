import { REVISION_LABEL } from '../../../api/istio-names.ts';
import type { ChartContext } from '../chart.ts';
import { RELEASE_NAME, bareLabel, ownershipLabels, standardLabels } from '../labels.ts';
import { firstTruthy, valueAt } from '../../values/value-tree.ts';

/** Name of the node agent's objects. Fixed: the plugin looks for them by it, and a cluster has one agent. */
export const CNI_NAME = 'istio-cni';

/** Name of the DaemonSet, and of the label that selects its pods. */
export const CNI_NODE_NAME = `${CNI_NAME}-node`;

/** Labels of the agent's objects, without the one that says which part an object belongs to. */
export function cniLabels(context: ChartContext): Record<string, string> {
  return {
    release: RELEASE_NAME,
    ...ownershipLabels(context, 'Cni'),
    [REVISION_LABEL]: bareLabel(context, firstTruthy(valueAt(context.values, 'revision')) ?? 'default'),
    'app.kubernetes.io/name': CNI_NAME,
    ...standardLabels(context, 'cni'),
  };
}

/** Labels of the objects that count as part `istio-cni`. */
export function appLabels(context: ChartContext): Record<string, string> {
  return { app: CNI_NAME, ...cniLabels(context) };
}
