import { commonLabels } from './instance.ts';
import type { GatewayInstance } from './instance.ts';
import { bareLabel, revisionSuffix } from '../labels.ts';
import { admitTcp } from '../network-policy-ports.ts';
import { bare, firstTruthy, isOn, listAt } from '../../values/value-tree.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

function admitPort(gateway: GatewayInstance, port: Json): JsonObject {
  if (!isJsonObject(port)) return {};
  const protocol = bareLabel(gateway.context, firstTruthy(port['protocol']) ?? 'TCP');
  return { ports: [{ protocol, port: bare(firstTruthy(port['targetPort']) ?? port['port']) }] };
}

/** Admits traffic to the gateway's ports, its readiness and its metrics; leaves outgoing traffic free. */
export function renderNetworkPolicy(gateway: GatewayInstance): KubeObject[] {
  const { context, kind, settings, labels, name } = gateway;
  if (!isOn(context.values, 'global.networkPolicy.enabled')) return [];
  const suffix = revisionSuffix(context);
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: {
        name: suffix === '' ? name : `${name ?? ''}${suffix}`,
        namespace: context.namespace,
        labels: { app: name, istio: kind.role, ...commonLabels(gateway) },
      },
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          admitTcp(15021),
          admitTcp(15020, 15090),
          ...listAt(settings, 'ports').map((port) => admitPort(gateway, port)),
        ],
        egress: [{}],
      },
    },
  ];
}
