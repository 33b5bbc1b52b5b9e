import { RenderError } from '../render-error.ts';
import type { ChartContext } from './chart.ts';
import { bareLabel } from './labels.ts';
import { firstTruthy, printed, valueAt } from '../values/value-tree.ts';
import type { Json, JsonObject } from '../kube-object.ts';

/**
 * Whether istiod's root certificate comes from a ClusterTrustBundle. Upstream compares the variable with a boolean and
 * fails on text; our form takes the text `true` as well, because an environment variable is text in the end.
 */
export function usesClusterTrustBundle(context: ChartContext, envPath: string): boolean {
  const path = `${envPath}.ENABLE_CLUSTER_TRUST_BUNDLE_API`;
  const value = valueAt(context.values, path);
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  if (context.form === 'sailwright') return printed(value) === 'true';
  throw new RenderError(`values.${path}`, 'is not a boolean', { hint: 'write true or false without quotes' });
}

/** The pod volume `istiod-ca-cert`: a ClusterTrustBundle or the ConfigMap that istiod writes to every namespace. */
export function rootCertificateVolume(
  context: ChartContext,
  envPath: string,
  bundleName: Json | undefined,
): JsonObject {
  if (usesClusterTrustBundle(context, envPath)) {
    const name = `istio.io:istiod-ca:${printed(firstTruthy(bundleName) ?? 'root-cert')}`;
    return {
      name: 'istiod-ca-cert',
      projected: { sources: [{ clusterTrustBundle: { name, path: 'root-cert.pem' } }] },
    };
  }
  return {
    name: 'istiod-ca-cert',
    configMap: { name: bareLabel(context, firstTruthy(bundleName) ?? 'istio-ca-root-cert') },
  };
}
