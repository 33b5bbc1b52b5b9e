import { BOOTSTRAP_OVERRIDE } from '../../../../inject/templates/proxy-env.ts';
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
} from '../../../../inject/templates/volumes.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import { annotation, hasAnnotation, quotedSince, TRUSTS_ISTIOD } from './pod-facts.ts';
import { forEach, item, lines, printed, when } from './template-pieces.ts';

const USES_GKE = 'eq $global.caName "GkeWorkloadCertificate"';
const LIGHTSTEP_TLS = '.ProxyConfig.GetTracing.GetTlsSettings';
const USES_LIGHTSTEP = `and (eq $proxy.tracer "lightstep") ${LIGHTSTEP_TLS}`;
const HAS_BOOTSTRAP = hasAnnotation(BOOTSTRAP_OVERRIDE);
const TRUST_BUNDLE_API = 'eq ($pilot.env | default dict).ENABLE_CLUSTER_TRUST_BUNDLE_API true';

/** The mount of the certificates that a workload identity brings. */
export const CERTIFICATES_MOUNT = when(USES_GKE, item(MOUNTS.gkeCertificates), item(MOUNTS.workloadCertificates));

/** Objects with a name from an annotation with a JSON object. */
export function namedObjects(name: string): string {
  const refusal = `{{ fail ${JSON.stringify(`annotation ${name}: must be a JSON object of named objects`)} }}`;
  const object = `- { name: "{{ $name }}", {{ toJson $fields | trimPrefix "{" }}`;
  const each = forEach(
    '$name, $fields',
    `fromJSON ${annotation(name)}`,
    lines(`{{- if not $fields }}${refusal}{{ end }}`, object),
  );
  return when(hasAnnotation(name), each);
}

const optional = (wanted: boolean | undefined, piece: string): string => (wanted === true ? piece : '');

/** Mounts of the proxy's container. */
export function proxyMounts(choice: VolumeChoice): string {
  return lines(
    item(MOUNTS.workloadSocket),
    optional(choice.credentialSocket, item(MOUNTS.credentialSocket)),
    CERTIFICATES_MOUNT,
    when(
      TRUSTS_ISTIOD,
      lines(item(MOUNTS.caCertificate), optional(choice.revocationList, item(MOUNTS.revocationList))),
    ),
    item(MOUNTS.data),
    optional(choice.customBootstrap, when(HAS_BOOTSTRAP, item(MOUNTS.customBootstrap))),
    item(proxyMount(choice.proxyVolume)),
    item(MOUNTS.token),
    when('$global.mountMtlsCerts', item(MOUNTS.certificates)),
    item(MOUNTS.podInfo),
    optional(
      choice.lightstep,
      when(
        USES_LIGHTSTEP,
        `- { name: lightstep-certs, readOnly: true, mountPath: ${printed(`directory ${LIGHTSTEP_TLS}.GetCaCertificates`)} }`,
      ),
    ),
    optional(choice.userVolumes, namedObjects('sidecar.istio.io/userVolumeMount')),
  );
}

/** Volumes of the pod, in upstream's order. */
export function proxyVolumes(choice: VolumeChoice, traits: IstioTraits): string {
  const directory = choice.statedEmptyDirs ? emptyDirectory : unsetDirectory;
  return lines(
    item(unsetDirectory('workload-socket')),
    optional(choice.credentialSocket, item(directory('credential-socket'))),
    when(USES_GKE, item(GKE_CERTIFICATES), item(directory('workload-certs'))),
    when(HAS_BOOTSTRAP, bootstrap(traits)),
    item(memoryDirectory(choice.proxyVolume)),
    item(emptyDirectory('istio-data')),
    item(POD_INFO),
    TOKEN,
    when(TRUSTS_ISTIOD, TRUST_BUNDLE),
    optional(choice.revocationList, REVOCATION_LIST),
    when('$global.mountMtlsCerts', CERTIFICATES),
    optional(choice.userVolumes, namedObjects('sidecar.istio.io/userVolume')),
    optional(choice.lightstep, when(USES_LIGHTSTEP, item(LIGHTSTEP_CERTIFICATES))),
  );
}

function bootstrap(traits: IstioTraits): string {
  const name = annotation(BOOTSTRAP_OVERRIDE);
  return `- name: custom-bootstrap-volume\n  configMap:\n    name: ${quotedSince(traits, name, printed(name))}`;
}

const TOKEN = `- name: istio-token
  projected:
    sources:
    - serviceAccountToken:
        path: istio-token
        expirationSeconds: ${TOKEN_SECONDS}
        audience: {{ (($global.sds | default dict).token | default dict).aud }}`;

const TRUST_BUNDLE = `- name: istiod-ca-cert
  {{- if ${TRUST_BUNDLE_API} }}
  projected:
    sources:
    - clusterTrustBundle:
        name: istio.io:istiod-ca:{{ $global.trustBundleName | default "root-cert" }}
        path: root-cert.pem
  {{- else }}
  configMap:
    name: {{ $global.trustBundleName | default "istio-ca-root-cert" }}
  {{- end }}`;

const REVOCATION_LIST = `- name: istio-ca-crl
  configMap:
    name: {{ $pilot.crlConfigMapName | default "istio-ca-crl" }}
    optional: true`;

const CERTIFICATES = `- name: istio-certs
  secret:
    optional: true
    secretName: istio.{{ .Spec.ServiceAccountName | default "default" }}`;

/** The secrets that the values name for pulling the proxy's image. */
export const IMAGE_PULL_SECRETS = when(
  '$global.imagePullSecrets',
  `imagePullSecrets:\n${forEach('$index, $secret', '$global.imagePullSecrets', `- name: ${printed('$secret')}`)}`,
);
