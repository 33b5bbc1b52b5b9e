import { CNI_NAME, appLabels } from './labels.ts';
import type { ChartContext } from '../chart.ts';
import { pullSecrets } from '../image-pull-secrets.ts';
import { inScope, listAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** The identity that the node agent runs under. */
export function renderServiceAccount(context: ChartContext): KubeObject[] {
  if (!inScope(context.values, 'namespace')) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      ...pullSecrets(context, listAt(context.values, 'global.imagePullSecrets')),
      metadata: { name: CNI_NAME, namespace: context.namespace, labels: appLabels(context) },
    },
  ];
}
