import { CNI_NAME } from './labels.ts';
import type { ChartContext } from '../chart.ts';
import { standardLabels } from '../labels.ts';
import { criticalPodsQuota } from '../critical-pods-quota.ts';
import { inScope, isOn, valueAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Admits critical pods to namespaces where the platform limits them. */
export function renderResourceQuota(context: ChartContext): KubeObject[] {
  if (!inScope(context.values, 'namespace') || !isOn(context.values, 'resourceQuotas.enabled')) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: {
        name: `${CNI_NAME}-resource-quota`,
        namespace: context.namespace,
        labels: { 'app.kubernetes.io/name': CNI_NAME, ...standardLabels(context, 'cni') },
      },
      spec: criticalPodsQuota(valueAt(context.values, 'resourceQuotas.pods')),
    },
  ];
}
