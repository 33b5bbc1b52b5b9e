import type { ChartContext } from '../chart.ts';
import { rootCertificateVolume } from '../trust-bundle.ts';
import { isOn, listAt, valueAt } from '../../values/value-tree.ts';
import type { Json } from '../../kube-object.ts';

/** Volumes of the pod, the user's last. */
export function ztunnelVolumes(context: ChartContext): Json[] {
  const { values } = context;
  const token = { path: 'istio-token', expirationSeconds: 43200, audience: 'istio-ca' };
  const revocations = { name: 'crl-volume', configMap: { name: 'istio-ca-crl', optional: true } };
  return [
    { name: 'istio-token', projected: { sources: [{ serviceAccountToken: token }] } },
    rootCertificateVolume(context, 'env', valueAt(values, 'trustBundleName')),
    // A socket would be stricter, but the CNI agent may not have made it yet.
    { name: 'cni-ztunnel-sock-dir', hostPath: { path: '/var/run/ztunnel', type: 'DirectoryOrCreate' } },
    // Profiles are written to /tmp, and the root file system is read-only.
    { name: 'tmp', emptyDir: {} },
    ...(isOn(values, 'peerCaCrl.enabled') ? [revocations] : []),
    ...listAt(values, 'volumes'),
  ];
}

/** Mounts of the container, the user's last. */
export function ztunnelMounts({ values }: ChartContext): Json[] {
  const revocations = { mountPath: '/var/run/secrets/istio/crl', name: 'crl-volume', readOnly: true };
  return [
    { mountPath: '/var/run/secrets/istio', name: 'istiod-ca-cert' },
    { mountPath: '/var/run/secrets/tokens', name: 'istio-token' },
    { mountPath: '/var/run/ztunnel', name: 'cni-ztunnel-sock-dir' },
    { mountPath: '/tmp', name: 'tmp' },
    ...(isOn(values, 'peerCaCrl.enabled') ? [revocations] : []),
    ...listAt(values, 'volumeMounts'),
  ];
}
