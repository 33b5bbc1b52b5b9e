import { bare, intOf, isOn, objectAt, valueAt } from '../../values/value-tree.ts';
import { istiodName, podSelector, workloadLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

/** A budget for a single replica would block every drain of a node, so there is none for it. */
export function wantsDisruptionBudget(context: ChartContext): boolean {
  const { values } = context;
  const replicas = valueAt(values, isOn(values, 'autoscaleEnabled') ? 'autoscaleMin' : 'replicaCount');
  return isOn(values, 'global.defaultPodDisruptionBudget.enabled') && intOf(replicas) > 1;
}

function budget(context: ChartContext): JsonObject {
  const pdb = objectAt(context.values, 'pdb');
  if (isOn(pdb, 'minAvailable') && !Object.hasOwn(pdb, 'maxUnavailable'))
    return { minAvailable: bare(pdb.minAvailable) };
  return isOn(pdb, 'maxUnavailable') ? { maxUnavailable: bare(pdb.maxUnavailable) } : {};
}

/** Keeps istiod reachable while nodes are drained. */
export function renderDisruptionBudget(context: ChartContext): KubeObject {
  const policy = valueAt(context.values, 'pdb.unhealthyPodEvictionPolicy');
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: istiodName(context), namespace: context.namespace, labels: workloadLabels(context) },
    spec: {
      ...budget(context),
      ...(isOn(context.values, 'pdb.unhealthyPodEvictionPolicy') ? { unhealthyPodEvictionPolicy: bare(policy) } : {}),
      selector: { matchLabels: podSelector(context) },
    },
  };
}
