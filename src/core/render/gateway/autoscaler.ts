import { objectLabels } from './instance.ts';
import type { GatewayInstance } from './instance.ts';
import { bare, isOn, valueAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Scales the gateway by CPU; only with autoscaling on and both bounds set. `memory` has no effect on gateways. */
export function renderAutoscaler(gateway: GatewayInstance): KubeObject[] {
  const { context, settings, name } = gateway;
  if (!['autoscaleEnabled', 'autoscaleMin', 'autoscaleMax'].every((field) => isOn(settings, field))) return [];
  return [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: context.namespace, labels: objectLabels(gateway) },
      spec: {
        maxReplicas: bare(valueAt(settings, 'autoscaleMax')),
        minReplicas: bare(valueAt(settings, 'autoscaleMin')),
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        metrics: [
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              target: {
                type: 'Utilization',
                averageUtilization: bare(valueAt(settings, 'cpu.targetAverageUtilization')),
              },
            },
          },
        ],
      },
    },
  ];
}
