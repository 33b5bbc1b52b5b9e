import { revisionSuffix } from '../labels.ts';
import { toPrettyJson } from '../yaml-text.ts';
import { pilotLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

const DESCRIPTION = {
  // The annotation is part of the object that is compared with upstream's, hence its exact words.
  upstream:
    'This ConfigMap contains the Helm values used during chart rendering. This ConfigMap is rendered for debugging purposes and external tooling; modifying these values has no effect.',
  sailwright: 'The values that this control plane was rendered from. For reading only: edits change nothing.',
} as const;

/** Shows people and tools what was rendered: the values as given and after every merge. */
export function renderValuesConfigMap(context: ChartContext): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `values${revisionSuffix(context)}`,
      namespace: context.namespace,
      annotations: { 'kubernetes.io/description': DESCRIPTION[context.form] },
      labels: pilotLabels(context),
    },
    data: { 'original-values': toPrettyJson(context.originalValues), 'merged-values': toPrettyJson(context.values) },
  };
}
