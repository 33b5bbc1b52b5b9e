import { COMPONENT_LABEL } from '../../../api/our-names.ts';
import { CNI_NAME } from './labels.ts';
import type { ChartContext } from '../chart.ts';
import { standardLabels } from '../labels.ts';
import { inScope, valueAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** What Multus finds the plugin by. It looks in namespace `default`, wherever the agent runs. */
export function renderNetworkAttachmentDefinition(context: ChartContext): KubeObject[] {
  if (!inScope(context.values, 'namespace') || valueAt(context.values, 'provider') !== 'multus') return [];
  return [
    {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: {
        name: CNI_NAME,
        namespace: 'default',
        labels: {
          [COMPONENT_LABEL]: 'Cni',
          'app.kubernetes.io/name': CNI_NAME,
          ...standardLabels(context, 'cni'),
        },
      },
    },
  ];
}
