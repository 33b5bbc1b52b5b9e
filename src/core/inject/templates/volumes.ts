import type { JsonObject } from '../../kube-object.ts';

const CREDENTIALS = '/var/run/secrets/workload-spiffe-credentials';
const GKE = 'gke-workload-certificate';
export const TOKEN_SECONDS = 43200;

/** An emptyDir volume that merging leaves without a source, so that Kubernetes' default applies. */
export function unsetDirectory(name: string): JsonObject {
  return { emptyDir: null, name };
}

/** An emptyDir volume. */
export function emptyDirectory(name: string): JsonObject {
  return { name, emptyDir: {} };
}

/** A volume that is never on a disk. */
export function memoryDirectory(name: string): JsonObject {
  return { emptyDir: { medium: 'Memory' }, name };
}

/** What differs between the templates' volumes and mounts. */
export interface VolumeChoice {
  /** Name of the volume with the sockets between agent and proxy. */
  proxyVolume: string;
  /** Whether the volumes for credentials and certificates state `emptyDir: {}`. */
  statedEmptyDirs?: boolean;
  /** Whether there is a socket for credentials. */
  credentialSocket?: boolean;
  /** Whether the revocation list is mounted. */
  revocationList?: boolean;
  /** Whether a bootstrap file of the user is mounted. */
  customBootstrap?: boolean;
  /** Whether the pod's annotations can add volumes. */
  userVolumes?: boolean;
  /** Whether the certificates of Lightstep are mounted. */
  lightstep?: boolean;
}

/** Labels and annotations of the pod, as files. */
export const POD_INFO: JsonObject = {
  name: 'istio-podinfo',
  downwardAPI: {
    items: ['labels', 'annotations'].map((path) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } })),
  },
};

/** Certificates that the cluster's provider gives to workloads. */
export const GKE_CERTIFICATES: JsonObject = {
  name: GKE,
  csi: { driver: 'workloadcertificates.security.cloud.google.com' },
};

export const LIGHTSTEP_CERTIFICATES: JsonObject = {
  name: 'lightstep-certs',
  secret: { optional: true, secretName: 'lightstep.cacert' },
};

/** Where the agent and the proxy find their volumes. */
export const MOUNTS = {
  workloadSocket: { name: 'workload-socket', mountPath: '/var/run/secrets/workload-spiffe-uds' },
  credentialSocket: { name: 'credential-socket', mountPath: '/var/run/secrets/credential-uds' },
  workloadCertificates: { name: 'workload-certs', mountPath: CREDENTIALS },
  gkeCertificates: { name: GKE, mountPath: CREDENTIALS, readOnly: true },
  caCertificate: { mountPath: '/var/run/secrets/istio', name: 'istiod-ca-cert' },
  revocationList: { mountPath: '/var/run/secrets/istio/crl', name: 'istio-ca-crl' },
  data: { mountPath: '/var/lib/istio/data', name: 'istio-data' },
  customBootstrap: { mountPath: '/etc/istio/custom-bootstrap', name: 'custom-bootstrap-volume' },
  token: { mountPath: '/var/run/secrets/tokens', name: 'istio-token' },
  certificates: { mountPath: '/etc/certs/', name: 'istio-certs', readOnly: true },
  podInfo: { name: 'istio-podinfo', mountPath: '/etc/istio/pod' },
} satisfies Record<string, JsonObject>;

/** Where the sockets between agent and proxy are. */
export function proxyMount(volume: string): JsonObject {
  return { mountPath: '/etc/istio/proxy', name: volume };
}
