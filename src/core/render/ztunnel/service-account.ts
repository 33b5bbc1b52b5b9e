import { isWanted, userLabels, ztunnelAnnotations, ztunnelLabels, ztunnelName } from './metadata.ts';
import type { ChartContext } from '../chart.ts';
import { pullSecrets } from '../image-pull-secrets.ts';
import { listAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** The identity that ztunnel runs under. */
export function renderServiceAccount(context: ChartContext): KubeObject[] {
  if (!isWanted(context, 'namespace')) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      ...pullSecrets(context, listAt(context.values, 'imagePullSecrets')),
      metadata: {
        name: ztunnelName(context),
        namespace: context.namespace,
        labels: { ...ztunnelLabels(context), ...userLabels(context) },
        ...ztunnelAnnotations(context),
      },
    },
  ];
}
