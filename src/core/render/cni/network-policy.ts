import { REVISION_LABEL } from '../../../api/istio-names.ts';
import { CNI_NAME, CNI_NODE_NAME, cniLabels } from './labels.ts';
import type { ChartContext } from '../chart.ts';
import { revisionLabel, revisionSuffix } from '../labels.ts';
import { admitTcp } from '../network-policy-ports.ts';
import { isOn } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Admits metrics and readiness to the agent; leaves outgoing traffic free, since it calls the API server. */
export function renderNetworkPolicy(context: ChartContext): KubeObject[] {
  if (!isOn(context.values, 'global.networkPolicy.enabled')) return [];
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {
        name: `${CNI_NAME}${revisionSuffix(context)}`,
        namespace: context.namespace,
        labels: { 'k8s-app': CNI_NODE_NAME, ...cniLabels(context), [REVISION_LABEL]: revisionLabel(context) },
      },
      spec: {
        podSelector: { matchLabels: { 'k8s-app': CNI_NODE_NAME } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [admitTcp(15014), admitTcp(8000)],
        egress: [{}],
      },
    },
  ];
}
