import { bare, entryIf, isOn, valueAt } from '../../values/value-tree.ts';
import { istiodName, nameLabels } from './identity.ts';
import { ownershipLabels } from '../labels.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

function utilization(context: ChartContext, resource: 'cpu' | 'memory'): object {
  return {
    type: 'Resource',
    resource: {
      name: resource,
      target: {
        type: 'Utilization',
        averageUtilization: bare(valueAt(context.values, `${resource}.targetAverageUtilization`)),
      },
    },
  };
}

/** Whether istiod is scaled by load: switched on, with both bounds. */
export function isAutoscaled(context: ChartContext): boolean {
  return ['autoscaleEnabled', 'autoscaleMin', 'autoscaleMax'].every((path) => isOn(context.values, path));
}

/** Scales istiod. */
export function renderAutoscaler(context: ChartContext): KubeObject {
  const { values } = context;
  const name = istiodName(context);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name,
      namespace: context.namespace,
      labels: { app: 'istiod', release: 'istio', ...ownershipLabels(context, 'Pilot'), ...nameLabels(context) },
    },
    spec: {
      maxReplicas: bare(valueAt(values, 'autoscaleMax')),
      minReplicas: bare(valueAt(values, 'autoscaleMin')),
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      metrics: [
        utilization(context, 'cpu'),
        ...(isOn(values, 'memory.targetAverageUtilization') ? [utilization(context, 'memory')] : []),
      ],
      ...entryIf('behavior', valueAt(values, 'autoscaleBehavior')),
    },
  };
}
