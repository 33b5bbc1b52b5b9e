import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import type { MeshConfig } from '../../api/mesh/mesh-config.ts';
import type { JsonObject } from '../kube-object.ts';
import { KIND } from './kinds.ts';
import { specAs, type Resource } from './resource.ts';

const LABELS = { istio: 'ingressgateway' };

/** Ports of the ingress gateway that the default profile installs. */
const PORTS: readonly (readonly [name: string, port: number])[] = [
  ['http2', 80],
  ['https', 443],
  ['tcp', 31400],
  ['tls', 15443],
];

/**
 * The ingress gateway that files are written for but seldom hold: without it every Gateway for it would be reported.
 * Nothing where the mesh configuration says that there is no ingress.
 */
export function defaultIngressGateway(meshConfig: Resource | undefined, istioNamespace: string): Resource[] {
  const { ingressControllerMode, ingressService } = meshConfig ? specAs<MeshConfig>(meshConfig) : {};
  if (ingressControllerMode === 'OFF') return [];
  const name = ingressService || 'istio-ingressgateway';
  const origin = { implied: true } as const;
  const at = { namespace: istioNamespace, annotations: {}, status: undefined, origin };
  const ports = PORTS.map(([port, number]) => ({ name: port, port: number, protocol: 'TCP', targetPort: number }));
  const pod: JsonObject = { containers: [{ name: PROXY_CONTAINER }] };
  return [
    { ...at, kind: KIND.pod, name, labels: LABELS, spec: pod },
    { ...at, kind: KIND.service, name, labels: {}, spec: { ports, selector: LABELS } },
    { ...at, kind: KIND.serviceAccount, name: `${name}-service-account`, labels: {}, spec: {} },
  ];
}

/** Ports of istiod: configuration in plain text and by TLS, webhooks, monitoring. */
const ISTIOD_PORTS: readonly number[] = [15010, 15012, 443, 15014];

/** The control plane that files are written for and never hold. */
export function defaultControlPlane(istioNamespace: string): Resource[] {
  const ports = ISTIOD_PORTS.map((port) => ({ port, protocol: 'TCP' }));
  const at = {
    namespace: istioNamespace,
    labels: {},
    annotations: {},
    status: undefined,
    origin: { implied: true } as const,
  };
  return [{ ...at, kind: KIND.service, name: 'istiod', spec: { ports } }];
}
