import * as z from 'zod';
import { choice, int32, int64, kubeObject, text, textList } from '../field-types.ts';
import { labelSelector } from './selectors.ts';

const nodeSelectorRequirement = kubeObject('NodeSelectorRequirement', () => ({
  key: text,
  operator: choice('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
  values: textList,
}));

const nodeSelectorTerm = kubeObject('NodeSelectorTerm', () => ({
  matchExpressions: z.array(nodeSelectorRequirement),
  matchFields: z.array(nodeSelectorRequirement),
}));

export const nodeSelector = kubeObject('NodeSelector', () => ({ nodeSelectorTerms: z.array(nodeSelectorTerm) }));

const nodeAffinity = kubeObject('NodeAffinity', () => ({
  requiredDuringSchedulingIgnoredDuringExecution: nodeSelector,
  preferredDuringSchedulingIgnoredDuringExecution: z.array(
    kubeObject('PreferredSchedulingTerm', () => ({ weight: int32, preference: nodeSelectorTerm })),
  ),
}));

const podAffinityTerm = kubeObject('PodAffinityTerm', () => ({
  labelSelector,
  namespaces: textList,
  topologyKey: text,
  namespaceSelector: labelSelector,
  matchLabelKeys: textList,
  mismatchLabelKeys: textList,
}));

const weightedPodAffinityTerm = kubeObject('WeightedPodAffinityTerm', () => ({ weight: int32, podAffinityTerm }));

const podAffinity = kubeObject('PodAffinity', () => ({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(podAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: z.array(weightedPodAffinityTerm),
}));

export const affinity = kubeObject('Affinity', () => ({
  nodeAffinity,
  podAffinity,
  podAntiAffinity: podAffinity,
}));

export const toleration = kubeObject('Toleration', () => ({
  key: text,
  operator: choice('Exists', 'Equal', 'Lt', 'Gt'),
  value: text,
  effect: choice('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  tolerationSeconds: int64,
}));

export const topologySpreadConstraint = kubeObject('TopologySpreadConstraint', () => ({
  maxSkew: int32,
  topologyKey: text,
  whenUnsatisfiable: choice('DoNotSchedule', 'ScheduleAnyway'),
  labelSelector,
  minDomains: int32,
  nodeAffinityPolicy: choice('Honor', 'Ignore'),
  nodeTaintsPolicy: choice('Honor', 'Ignore'),
  matchLabelKeys: textList,
}));
