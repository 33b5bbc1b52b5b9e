import type { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { Prometheus } from '../../prometheus/prometheus.ts';

/**
 * Whether a resource of the namespace may ask own queries. What the operator may read with a token of its own, whoever
 * may write there may not.
 */
export async function mayQuery(
  { prometheus, policy }: { prometheus: Prometheus | undefined; policy: Pick<InstallationPolicy, 'judgeNamespace'> },
  namespace: string,
): Promise<boolean> {
  return !prometheus?.hasCredentials || (await policy.judgeNamespace(namespace)) === undefined;
}
