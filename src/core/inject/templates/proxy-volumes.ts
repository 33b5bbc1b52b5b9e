import { isJsonObject, type JsonObject } from '../../kube-object.ts';
import { InjectionError } from '../template-context.ts';
import { equalsText, isTruthy, valuesSection } from './injection-values.ts';
import { namedObjects } from './json-annotation.ts';
import { BOOTSTRAP_OVERRIDE } from './proxy-env.ts';
import { quotedSince, type ProxyInput } from './template-input.ts';
import { goText, plainText, plainTextOrNull, printed } from './template-text.ts';
import {
  emptyDirectory,
  GKE_CERTIFICATES,
  LIGHTSTEP_CERTIFICATES,
  memoryDirectory,
  MOUNTS,
  POD_INFO,
  proxyMount,
  TOKEN_SECONDS,
  unsetDirectory,
  type VolumeChoice,
} from './volumes.ts';

function usesGkeCertificates({ global }: ProxyInput): boolean {
  return equalsText(global.caName, 'GkeWorkloadCertificate', 'global.caName');
}

function trustsIstiod({ global }: ProxyInput): boolean {
  return equalsText(global.pilotCertProvider, 'istiod', 'global.pilotCertProvider');
}

function tlsOfLightstep({ context, proxy }: ProxyInput): JsonObject | undefined {
  if (!equalsText(proxy.tracer, 'lightstep', 'global.proxy.tracer')) return undefined;
  const { tracing } = context.proxyConfig;
  const tlsSettings = isJsonObject(tracing) ? tracing.tlsSettings : undefined;
  return isJsonObject(tlsSettings) ? tlsSettings : undefined;
}

/** The mount of the certificates that a workload identity brings. */
export function certificatesMount(input: ProxyInput): JsonObject {
  return usesGkeCertificates(input) ? MOUNTS.gkeCertificates : MOUNTS.workloadCertificates;
}

/** Mounts of the proxy's container, in the order of the volumes' use. */
export function proxyMounts(input: ProxyInput, choice: VolumeChoice): JsonObject[] {
  const mounts: JsonObject[] = [MOUNTS.workloadSocket];
  if (choice.credentialSocket) mounts.push(MOUNTS.credentialSocket);
  mounts.push(certificatesMount(input));
  if (trustsIstiod(input)) {
    mounts.push(MOUNTS.caCertificate);
    if (choice.revocationList) mounts.push(MOUNTS.revocationList);
  }
  mounts.push(MOUNTS.data);
  if (choice.customBootstrap && input.annotations[BOOTSTRAP_OVERRIDE] !== undefined) {
    mounts.push(MOUNTS.customBootstrap);
  }
  mounts.push(proxyMount(choice.proxyVolume));
  mounts.push(MOUNTS.token);
  if (isTruthy(input.global.mountMtlsCerts)) {
    mounts.push(MOUNTS.certificates);
  }
  mounts.push(MOUNTS.podInfo);
  mounts.push(...addedMounts(input, choice));
  return mounts;
}

function addedMounts(input: ProxyInput, choice: VolumeChoice): JsonObject[] {
  const tls = choice.lightstep ? tlsOfLightstep(input) : undefined;
  const mounts = tls
    ? [{ mountPath: directoryOf(goText(tls.caCertificates ?? '')), name: 'lightstep-certs', readOnly: true }]
    : [];
  return choice.userVolumes
    ? [...mounts, ...namedObjects(input, 'sidecar.istio.io/userVolumeMount', 'VolumeMount')]
    : mounts;
}

function directoryOf(file: string): string {
  const directory = file.slice(0, file.lastIndexOf('/') + 1);
  return plainText(directory, 'proxyConfig.tracing.tlsSettings.caCertificates');
}

/** Volumes of the pod, in upstream's order. */
export function proxyVolumes(input: ProxyInput, choice: VolumeChoice): JsonObject[] {
  const directory = choice.statedEmptyDirs ? emptyDirectory : unsetDirectory;
  const volumes: JsonObject[] = [unsetDirectory('workload-socket')];
  if (choice.credentialSocket) volumes.push(directory('credential-socket'));
  volumes.push(usesGkeCertificates(input) ? GKE_CERTIFICATES : directory('workload-certs'));
  const bootstrap = input.annotations[BOOTSTRAP_OVERRIDE];
  if (bootstrap !== undefined) {
    const read = (): string | null => plainTextOrNull(bootstrap, `annotation ${BOOTSTRAP_OVERRIDE}`);
    const name = quotedSince(input, bootstrap, read);
    volumes.push({ name: 'custom-bootstrap-volume', configMap: { name } });
  }
  volumes.push(memoryDirectory(choice.proxyVolume));
  volumes.push(emptyDirectory('istio-data'), POD_INFO, token(input));
  if (trustsIstiod(input)) volumes.push({ name: 'istiod-ca-cert', ...trustBundle(input) });
  if (choice.revocationList) volumes.push(revocationList(input));
  if (isTruthy(input.global.mountMtlsCerts)) volumes.push(mountedCertificates(input));
  if (choice.userVolumes) volumes.push(...namedObjects(input, 'sidecar.istio.io/userVolume', 'Volume'));
  if (choice.lightstep && tlsOfLightstep(input)) {
    volumes.push(LIGHTSTEP_CERTIFICATES);
  }
  return volumes;
}

function token({ global }: ProxyInput): JsonObject {
  const sds = valuesSection(global, 'sds', 'global.sds');
  const { aud } = valuesSection(sds, 'token', 'global.sds.token');
  const audience = plainTextOrNull(printed(aud), 'values.global.sds.token.aud');
  const serviceAccountToken = { path: 'istio-token', expirationSeconds: TOKEN_SECONDS, audience };
  return { name: 'istio-token', projected: { sources: [{ serviceAccountToken }] } };
}

function trustBundle({ global, pilot }: ProxyInput): JsonObject {
  const bundle = isTruthy(global.trustBundleName) ? goText(global.trustBundleName) : '';
  if (readsClusterTrustBundle(pilot)) {
    const name = plainText(`istio.io:istiod-ca:${bundle || 'root-cert'}`, 'values.global.trustBundleName');
    return { projected: { sources: [{ clusterTrustBundle: { name, path: 'root-cert.pem' } }] } };
  }
  return { configMap: { name: plainText(bundle || 'istio-ca-root-cert', 'values.global.trustBundleName') } };
}

const TRUST_BUNDLE_API = 'ENABLE_CLUSTER_TRUST_BUNDLE_API';

function readsClusterTrustBundle(pilot: JsonObject): boolean {
  const enabled = valuesSection(pilot, 'env', 'pilot.env')[TRUST_BUNDLE_API];
  if (enabled === undefined || enabled === null || typeof enabled === 'boolean') return enabled === true;
  throw new InjectionError(
    `values.pilot.env.${TRUST_BUNDLE_API}: must be true or false, got ${JSON.stringify(enabled)}`,
  );
}

function revocationList({ pilot }: ProxyInput): JsonObject {
  const configured = isTruthy(pilot.crlConfigMapName) ? goText(pilot.crlConfigMapName) : 'istio-ca-crl';
  const name = plainText(configured, 'values.pilot.crlConfigMapName');
  return { name: 'istio-ca-crl', configMap: { name, optional: true } };
}

function mountedCertificates({ serviceAccount }: ProxyInput): JsonObject {
  return {
    name: 'istio-certs',
    secret: { optional: true, secretName: plainText(`istio.${serviceAccount}`, 'serviceAccountName') },
  };
}

/** The secrets that the values name for pulling the proxy's image. */
export function imagePullSecrets({ global }: ProxyInput): JsonObject {
  const secrets = global.imagePullSecrets;
  if (!isTruthy(secrets)) return {};
  if (!Array.isArray(secrets)) throw new InjectionError('values.global.imagePullSecrets: must be a list of names');
  const what = 'values.global.imagePullSecrets';
  return { imagePullSecrets: secrets.map((name) => ({ name: plainText(goText(name), what) })) };
}
