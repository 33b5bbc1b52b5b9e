import { firstTruthy, isOn, listAt, printed, valueAt } from '../../values/value-tree.ts';
import { bareLabel } from '../labels.ts';
import { usesClusterTrustBundle } from '../trust-bundle.ts';
import { jwksConfigMapName } from './config-map-jwks.ts';
import type { ChartContext } from '../chart.ts';

const readOnly = (name: string, mountPath: string): object => ({ name, mountPath, readOnly: true });
const optionalSecret = (name: string, secretName: string): object => ({ name, secret: { secretName, optional: true } });

/** Where istiod's volumes are mounted. */
export function renderVolumeMounts(context: ChartContext): unknown[] {
  const { values } = context;
  return [
    readOnly('istio-token', '/var/run/secrets/tokens'),
    { name: 'local-certs', mountPath: '/var/run/secrets/istio-dns' },
    readOnly('cacerts', '/etc/cacerts'),
    readOnly('istio-kubeconfig', '/var/run/secrets/remote'),
    ...(isOn(values, 'jwksResolverExtraRootCA') ? [{ name: 'extracacerts', mountPath: '/cacerts' }] : []),
    readOnly('istio-csr-dns-cert', '/var/run/secrets/istiod/tls'),
    readOnly('istio-csr-ca-configmap', '/var/run/secrets/istiod/ca'),
    ...listAt(values, 'volumeMounts'),
  ];
}

/** The root certificate that an external signer publishes. */
function signerRoot(context: ChartContext): object {
  const bundle = valueAt(context.values, 'global.trustBundleName');
  if (usesClusterTrustBundle(context, 'env')) {
    const name = `istio.io:istiod-ca:${printed(firstTruthy(bundle, 'root-cert'))}`;
    return { projected: { sources: [{ clusterTrustBundle: { name, path: 'root-cert.pem', optional: true } }] } };
  }
  return {
    configMap: {
      name: bareLabel(context, firstTruthy(bundle, 'istio-ca-root-cert')),
      defaultMode: 420,
      optional: true,
    },
  };
}

/** istiod's volumes: the optional ones let an external CA or a remote cluster plug in. */
export function renderVolumes(context: ChartContext): unknown[] {
  const { values } = context;
  const audience = bareLabel(context, valueAt(values, 'global.sds.token.aud'));
  return [
    { name: 'local-certs', emptyDir: { medium: 'Memory' } },
    {
      name: 'istio-token',
      projected: { sources: [{ serviceAccountToken: { audience, expirationSeconds: 43200, path: 'istio-token' } }] },
    },
    optionalSecret('cacerts', 'cacerts'),
    optionalSecret('istio-kubeconfig', 'istio-kubeconfig'),
    optionalSecret('istio-csr-dns-cert', 'istiod-tls'),
    { name: 'istio-csr-ca-configmap', ...signerRoot(context) },
    ...(isOn(values, 'jwksResolverExtraRootCA')
      ? [{ name: 'extracacerts', configMap: { name: jwksConfigMapName(context) } }]
      : []),
    ...listAt(values, 'volumes'),
  ];
}
