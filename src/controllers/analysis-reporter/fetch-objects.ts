import type { KubeObject } from '../../core/kube-object.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KindRef, KubeApi, ListOptions } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../map-concurrently.ts';

const CONCURRENCY = 6;

const kinds = (apiVersion: string, ...names: string[]): KindRef[] => names.map((kind) => ({ apiVersion, kind }));

/** What the analyzers read. Kinds that a cluster does not serve are left out. */
const READ: readonly KindRef[] = [
  ...kinds('v1', 'Namespace', 'Node', 'Pod', 'Service', 'ServiceAccount', 'Secret', 'ConfigMap'),
  ...kinds('apps/v1', 'Deployment'),
  ...kinds('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
  ...kinds('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'),
  ...kinds('gateway.networking.k8s.io/v1', 'Gateway', 'HTTPRoute', 'GRPCRoute'),
  ...kinds('networking.istio.io/v1', 'VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar'),
  ...kinds('networking.istio.io/v1', 'WorkloadEntry', 'WorkloadGroup'),
  ...kinds('networking.istio.io/v1alpha3', 'EnvoyFilter'),
  ...kinds('networking.istio.io/v1beta1', 'ProxyConfig'),
  ...kinds('security.istio.io/v1', 'AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'),
  ...kinds('telemetry.istio.io/v1', 'Telemetry'),
  ...kinds('extensions.istio.io/v1alpha1', 'WasmPlugin', 'TrafficExtension'),
];

/** Tokens and Helm's releases are large, many, and no certificate of a gateway. */
const SECRETS: ListOptions = { fieldSelector: 'type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token' };

/** Everything in the cluster that analysis looks at, but for kinds that are not wanted. */
export async function fetchAnalyzedObjects(
  api: Pick<KubeApi, 'list'>,
  without: ReadonlySet<string> = new Set(),
): Promise<KubeObject[]> {
  const wanted = READ.filter(({ kind }) => !without.has(kind));
  const lists = await mapConcurrently(wanted, CONCURRENCY, async (kind) => {
    try {
      const { items } = await api.list(kind, kind.kind === 'Secret' ? SECRETS : {});
      return items.map((item) => ({ ...item, ...kind }));
    } catch (error) {
      if (isKindNotServed(error)) return [];
      throw error;
    }
  });
  return lists.flat();
}
