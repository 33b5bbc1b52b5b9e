import type { ChartContext } from '../chart.ts';
import { envFromField, envFromMap, envFromResource, envValue, withoutDuplicates } from '../env-var.ts';
import { bareLabel, revisionSuffix } from '../labels.ts';
import { quoted } from '../quoted.ts';
import { firstTruthy, isOn, isTruthy, objectAt, printed, str, valueAt } from '../../values/value-tree.ts';
import type { Json, JsonObject } from '../../kube-object.ts';

/** The control plane's address: the user's, or the service of istiod of this revision. */
function controlPlane(context: ChartContext, path: string): string {
  const own = valueAt(context.values, path);
  if (isTruthy(own)) return bareLabel(context, own);
  return `istiod${revisionSuffix(context)}.${str(context.values, 'istioNamespace')}.svc:15012`;
}

/** Variables of what the user declared only; ztunnel sizes its worker threads by them. */
function resourceEnv({ values, traits }: ChartContext): JsonObject[] {
  const limit = envFromResource('ZTUNNEL_CPU_LIMIT', 'limits.cpu');
  if (!traits.tellsZtunnelItsCpu) return [limit];
  return [
    limit,
    ...(isOn(values, 'resources.limits.cpu') ? [envFromResource('ZTUNNEL_RESOURCE_CPU_LIMIT', 'limits.cpu')] : []),
    ...(isOn(values, 'resources.requests.cpu')
      ? [envFromResource('ZTUNNEL_RESOURCE_CPU_REQUEST', 'requests.cpu')]
      : []),
  ];
}

/** The environment of ztunnel. */
export function ztunnelEnv(context: ChartContext): Json[] {
  const { values } = context;
  const network = valueAt(values, 'network');
  const clusterName = firstTruthy(valueAt(values, 'multiCluster.clusterName')) ?? 'Kubernetes';
  const own = envFromMap(context, objectAt(values, 'env'));
  const metadata = envFromMap(context, objectAt(values, 'meshConfig.defaultConfig.proxyMetadata'));
  const env = [
    envValue('CA_ADDRESS', controlPlane(context, 'caAddress')),
    envValue('XDS_ADDRESS', controlPlane(context, 'xdsAddress')),
    ...(isOn(values, 'logAsJson') ? [envValue('LOG_FORMAT', 'json')] : []),
    ...(isTruthy(network) ? [envValue('NETWORK', printed(network))] : []),
    envValue('RUST_LOG', quoted(valueAt(values, 'logLevel'))),
    envValue('RUST_BACKTRACE', '1'),
    envValue('ISTIO_META_CLUSTER_ID', bareLabel(context, clusterName)),
    envValue('INPOD_ENABLED', 'true'),
    envValue('TERMINATION_GRACE_PERIOD_SECONDS', str(values, 'terminationGracePeriodSeconds')),
    envFromField('POD_NAME', 'metadata.name'),
    envFromField('POD_NAMESPACE', 'metadata.namespace'),
    envFromField('NODE_NAME', 'spec.nodeName'),
    envFromField('INSTANCE_IP', 'status.podIP'),
    envFromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    ...metadata,
    ...resourceEnv(context),
    ...own,
    ...(isOn(values, 'peerCaCrl.enabled') ? [envValue('CRL_PATH', '/var/run/secrets/istio/crl/ca-crl.pem')] : []),
  ];
  return withoutDuplicates(context, env, [...metadata, ...own]);
}
