import type { Kubectl } from '../../../testbed/kubectl.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';

/** What the entry of a component and `Ready` say, once the component's says this. */
export async function waitForTold(kubectl: Kubectl, component: string, says: RegExp): Promise<string> {
  const path = `{.status.componentStatus.${component}.error}|{.status.conditions[?(@.type=="Ready")]}`;
  return waitFor(
    `${component} to tell ${says}`,
    async () => {
      const told = await kubectl(['-n', 'istio-system', 'get', 'iop/istio', '-o', `jsonpath=${path}`]);
      if (says.test(told.split('|')[0] ?? '')) return told;
      throw new Error(told);
    },
    PATIENTLY,
  );
}
