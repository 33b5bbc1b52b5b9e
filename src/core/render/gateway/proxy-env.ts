import {
  envFromField,
  envFromMap,
  envFromResource,
  envFromVersionedField,
  envValue,
  withoutDuplicates,
} from '../env-var.ts';
import { bareLabel, revisionSuffix } from '../labels.ts';
import { firstTruthy, isOn, isTruthy, objectAt, printed, str, valueAt } from '../../values/value-tree.ts';
import type { GatewayInstance } from './instance.ts';
import type { Json, JsonObject } from '../../kube-object.ts';

/** Tells the agent that it may not touch the pod's network; absent for a gateway that runs as root. */
export function unprivilegedEnv({ settings }: GatewayInstance): JsonObject[] {
  return isOn(settings, 'runAsRoot') ? [] : [envValue('ISTIO_META_UNPRIVILEGED_POD', 'true')];
}

function certificateAuthority({ context }: GatewayInstance): string {
  const own = valueAt(context.values, 'global.caAddress');
  if (isTruthy(own)) return bareLabel(context, own);
  return `istiod${revisionSuffix(context)}.${str(context.values, 'global.istioNamespace')}.svc:15012`;
}

/** Mesh id and trust domain; a mesh without an id is named by its trust domain. */
function meshEnv({ context }: GatewayInstance): JsonObject[] {
  const trustDomain = valueAt(context.values, 'meshConfig.trustDomain');
  const meshId = firstTruthy(valueAt(context.values, 'global.meshID'), trustDomain);
  return [
    ...(meshId === undefined ? [] : [envValue('ISTIO_META_MESH_ID', printed(meshId))]),
    ...(isTruthy(trustDomain) ? [envValue('TRUST_DOMAIN', printed(trustDomain))] : []),
  ];
}

/** The mesh's network, unless the gateway's own environment names one. */
function networkEnv({ context, settings }: GatewayInstance): JsonObject[] {
  const network = valueAt(context.values, 'global.network');
  if (isOn(settings, 'env.ISTIO_META_NETWORK') || !isTruthy(network)) return [];
  return [envValue('ISTIO_META_NETWORK', printed(network))];
}

/** The environment of a proxy that no injector completes. The order is part of the contract with overlays. */
export function proxyEnv(gateway: GatewayInstance): Json[] {
  const { context, settings, name } = gateway;
  const { values, namespace } = context;
  const clusterName = firstTruthy(valueAt(values, 'global.multiCluster.clusterName')) ?? 'Kubernetes';
  const own = envFromMap(context, objectAt(settings, 'env'));
  const metadata = envFromMap(context, objectAt(values, 'meshConfig.defaultConfig.proxyMetadata'));
  const env = [
    envValue('PILOT_CERT_PROVIDER', bareLabel(context, valueAt(values, 'global.pilotCertProvider'))),
    envValue('CA_ADDR', certificateAuthority(gateway)),
    envFromVersionedField('NODE_NAME', 'spec.nodeName'),
    envFromVersionedField('POD_NAME', 'metadata.name'),
    envFromVersionedField('POD_NAMESPACE', 'metadata.namespace'),
    envFromVersionedField('INSTANCE_IP', 'status.podIP'),
    envFromVersionedField('HOST_IP', 'status.hostIP'),
    envFromResource('ISTIO_CPU_LIMIT', 'limits.cpu'),
    envFromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    envValue('ISTIO_META_WORKLOAD_NAME', name),
    envValue('ISTIO_META_OWNER', `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${name ?? ''}`),
    ...meshEnv(gateway),
    ...unprivilegedEnv(gateway),
    ...own,
    ...metadata,
    ...networkEnv(gateway),
    envValue('ISTIO_META_CLUSTER_ID', printed(clusterName)),
    envFromField('ISTIO_META_NODE_NAME', 'spec.nodeName'),
  ];
  return withoutDuplicates(context, env, [...metadata, ...own]);
}
