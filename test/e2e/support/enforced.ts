// Webhooks let everything pass until one of ours was seen to answer: the last write of an installation.
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitFor } from '../../../testbed/wait.ts';

/** Waits until no webhook of the ValidatingWebhookConfiguration lets pass what it cannot judge. */
export async function waitForEnforced(kubectl: Kubectl, name: string): Promise<void> {
  const path = 'jsonpath={.webhooks[*].failurePolicy}';
  await waitFor(`${name} to be enforced`, async () => {
    const policies = await kubectl(['get', 'validatingwebhookconfiguration', name, '-o', path]);
    return policies !== '' && policies.split(' ').every((policy) => policy === 'Fail');
  });
}
