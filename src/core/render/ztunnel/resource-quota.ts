import { isWanted, userLabels, ztunnelLabels, ztunnelName } from './metadata.ts';
import type { ChartContext } from '../chart.ts';
import { criticalPodsQuota } from '../critical-pods-quota.ts';
import { isOn, valueAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Admits critical pods to namespaces where the platform limits them. */
export function renderResourceQuota(context: ChartContext): KubeObject[] {
  if (!isWanted(context, 'namespace') || !isOn(context.values, 'resourceQuotas.enabled')) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {
        name: ztunnelName(context),
        namespace: context.namespace,
        labels: { ...ztunnelLabels(context), ...userLabels(context) },
      },
      spec: criticalPodsQuota(valueAt(context.values, 'resourceQuotas.pods')),
    },
  ];
}
