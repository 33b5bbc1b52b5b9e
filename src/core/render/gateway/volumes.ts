import { bareLabel, revisionSuffix } from '../labels.ts';
import { quoted } from '../quoted.ts';
import { rootCertificateVolume } from '../trust-bundle.ts';
import { isOn, isTruthy, listAt, valueAt } from '../../values/value-tree.ts';
import type { GatewayInstance } from './instance.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { JsonObject } from '../../kube-object.ts';

function userVolumes(gateway: GatewayInstance, list: 'secretVolumes' | 'configVolumes'): JsonObject[] {
  return listAt(gateway.settings, list).filter(isJsonObject);
}

function mountOf(gateway: GatewayInstance, volume: JsonObject): JsonObject {
  return {
    name: bareLabel(gateway.context, volume['name']),
    mountPath: quoted(volume['mountPath']),
    readOnly: true,
  };
}

/** Mounts of the user's secrets and ConfigMaps; a ConfigMap volume may stay unmounted. */
export function userMounts(gateway: GatewayInstance): JsonObject[] {
  return [
    ...userVolumes(gateway, 'secretVolumes'),
    ...userVolumes(gateway, 'configVolumes').filter((volume) => isTruthy(volume['mountPath'])),
  ].map((volume) => mountOf(gateway, volume));
}

/** Volumes of the user's secrets and ConfigMaps; all optional, so that a pod starts before they exist. */
export function userSources(gateway: GatewayInstance): JsonObject[] {
  const { context } = gateway;
  const secrets = userVolumes(gateway, 'secretVolumes').map((volume) => ({
    name: bareLabel(context, volume['name']),
    secret: { secretName: quoted(volume['secretName']), optional: true },
  }));
  const configMaps = userVolumes(gateway, 'configVolumes').map((volume) => ({
    name: bareLabel(context, volume['name']),
    configMap: { name: quoted(volume['configMapName']), optional: true },
  }));
  return [...secrets, ...configMaps];
}

/** Whether istiod signs the control plane's certificate, so that its root has to be mounted. */
function trustsIstiod({ context }: GatewayInstance): boolean {
  return valueAt(context.values, 'global.pilotCertProvider') === 'istiod';
}

/** Mounts of a proxy that no injector completes. */
export function proxyMounts(gateway: GatewayInstance): JsonObject[] {
  const mountsCertificates = isOn(gateway.context.values, 'global.mountMtlsCerts');
  return [
    { name: 'workload-socket', mountPath: '/var/run/secrets/workload-spiffe-uds' },
    { name: 'credential-socket', mountPath: '/var/run/secrets/credential-uds' },
    { name: 'workload-certs', mountPath: '/var/run/secrets/workload-spiffe-credentials' },
    { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
    { name: 'config-volume', mountPath: '/etc/istio/config' },
    ...(trustsIstiod(gateway) ? [{ name: 'istiod-ca-cert', mountPath: '/var/run/secrets/istio' }] : []),
    { name: 'istio-token', mountPath: '/var/run/secrets/tokens', readOnly: true },
    ...(mountsCertificates ? [{ name: 'istio-certs', mountPath: '/etc/certs', readOnly: true }] : []),
    { name: 'istio-data', mountPath: '/var/lib/istio/data' },
    { name: 'podinfo', mountPath: '/etc/istio/pod' },
    ...userMounts(gateway),
  ];
}

function emptyDir(name: string): JsonObject {
  return { name, emptyDir: {} };
}

function podInfo(): JsonObject {
  const items = ['labels', 'annotations'].map((path) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } }));
  return { name: 'podinfo', downwardAPI: { items } };
}

function tokenVolume({ context }: GatewayInstance): JsonObject {
  const audience = bareLabel(context, valueAt(context.values, 'global.sds.token.aud'));
  const serviceAccountToken = { path: 'istio-token', expirationSeconds: 43200, audience };
  return { name: 'istio-token', projected: { sources: [{ serviceAccountToken }] } };
}

function certificateVolume({ context, kind }: GatewayInstance): JsonObject[] {
  if (!isOn(context.values, 'global.mountMtlsCerts')) return [];
  return [{ name: 'istio-certs', secret: { secretName: `istio.${kind.root}-service-account`, optional: true } }];
}

/** Volumes of a proxy that no injector completes. */
export function proxyVolumes(gateway: GatewayInstance): JsonObject[] {
  const { context } = gateway;
  const rootCertificate = (): JsonObject =>
    rootCertificateVolume(context, 'pilot.env', valueAt(context.values, 'global.trustBundleName'));
  return [
    emptyDir('workload-socket'),
    emptyDir('credential-socket'),
    emptyDir('workload-certs'),
    ...(trustsIstiod(gateway) ? [rootCertificate()] : []),
    podInfo(),
    emptyDir('istio-envoy'),
    emptyDir('istio-data'),
    tokenVolume(gateway),
    ...certificateVolume(gateway),
    { name: 'config-volume', configMap: { name: `istio${revisionSuffix(context)}`, optional: true } },
    ...userSources(gateway),
  ];
}
