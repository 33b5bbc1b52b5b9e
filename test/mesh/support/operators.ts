import { OPERATOR_NAMESPACE } from '../../../testbed/operator-process.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitForPods, type Pod } from '../../../testbed/mesh/pods.ts';

export const OPERATOR_SELECTOR = 'app.kubernetes.io/name=sailwright';

/** The operator's two pods, when both are ready. */
export async function fetchOperators(kubectl: Kubectl): Promise<Pod[]> {
  return waitForPods(kubectl, OPERATOR_NAMESPACE, { selector: OPERATOR_SELECTOR, count: 2 });
}

/** Who leads, by the lease: the pod's name, and what tells its processes apart. */
export async function fetchLeader(kubectl: Kubectl): Promise<{ pod: string; holder: string }> {
  const lease = ['get', 'lease', 'sailwright', '-o', 'jsonpath={.spec.holderIdentity}'];
  const holder = await kubectl(['-n', OPERATOR_NAMESPACE, ...lease]);
  return { pod: holder.split('_')[0] ?? '', holder };
}
