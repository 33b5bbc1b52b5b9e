import { REVISION_LABEL } from '../../../api/istio-names.ts';
import { revisionLabel } from '../labels.ts';
import { istiodName, workloadLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

const tcp = (ports: number[]): object => ({ ports: ports.map((port) => ({ protocol: 'TCP', port })) });

/** Lets the API server and any proxy reach istiod, and istiod reach anything (JWKS endpoints are users' choice). */
export function renderNetworkPolicy(context: ChartContext): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: istiodName(context), namespace: context.namespace, labels: workloadLabels(context) },
    spec: {
      podSelector: { matchLabels: { app: 'istiod', [REVISION_LABEL]: revisionLabel(context) } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [tcp([15017]), tcp([15010, 15011, 15012, 8080, 15014])],
      egress: [{}],
    },
  };
}
