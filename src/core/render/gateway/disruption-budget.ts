import { objectLabels } from './instance.ts';
import type { GatewayInstance } from './instance.ts';
import { intOf, isOn, valueAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/**
 * Keeps one pod through voluntary disruptions. Only where at least two pods are certain: a budget over a single pod
 * would block every node drain.
 */
export function renderDisruptionBudget(gateway: GatewayInstance): KubeObject[] {
  const { context, settings, labels } = gateway;
  if (!isOn(context.values, 'global.defaultPodDisruptionBudget.enabled')) return [];
  const certainPods = isOn(settings, 'autoscaleEnabled') ? 'autoscaleMin' : 'replicaCount';
  if (intOf(valueAt(settings, certainPods)) <= 1) return [];
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: gateway.name, namespace: context.namespace, labels: objectLabels(gateway) },
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    },
  ];
}
