import { ztunnelLabels, ztunnelName } from './metadata.ts';
import type { ChartContext } from '../chart.ts';
import { RELEASE_NAME, ownershipLabels, revisionSuffix } from '../labels.ts';
import { admitTcp } from '../network-policy-ports.ts';
import { isOn } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Readiness, metrics, administration, HBONE, outbound and inbound capture. */
const TCP_PORTS = [15021, 15020, 15000, 15008, 15001, 15006];

const DNS_CAPTURE = {
  ports: [
    { protocol: 'TCP', port: 15053 },
    { protocol: 'UDP', port: 15053 },
  ],
};

/** Admits the mesh's traffic to ztunnel; leaves outgoing traffic free. */
export function renderNetworkPolicy(context: ChartContext): KubeObject[] {
  if (!isOn(context.values, 'global.networkPolicy.enabled')) return [];
  const suffix = revisionSuffix(context);
  const name = ztunnelName(context);
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {
        name: suffix === '' ? name : `${name}${suffix}`,
        namespace: context.namespace,
        labels: {
          app: 'ztunnel',
          release: RELEASE_NAME,
          ...ownershipLabels(context, 'Ztunnel'),
          ...ztunnelLabels(context),
        },
      },
      spec: {
        podSelector: { matchLabels: { app: 'ztunnel' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [...TCP_PORTS.map((port) => admitTcp(port)), DNS_CAPTURE],
        egress: [{}],
      },
    },
  ];
}
