import * as z from 'zod';
import { choice, kubeObject, text, textList, textMap } from '../field-types.ts';

export const labelSelectorRequirement = kubeObject('LabelSelectorRequirement', () => ({
  key: text,
  operator: choice('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: textList,
}));

export const labelSelector = kubeObject('LabelSelector', () => ({
  matchLabels: textMap,
  matchExpressions: z.array(labelSelectorRequirement),
}));

export const localObjectReference = kubeObject('LocalObjectReference', () => ({ name: text }));

export const typedLocalObjectReference = kubeObject('TypedLocalObjectReference', () => ({
  apiGroup: text,
  kind: text,
  name: text,
}));
