// Webhooks let everything pass until one of ours was seen to answer: the last write of an installation.
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitFor } from '../../../testbed/wait.ts';

/** Waits until no webhook of the ValidatingWebhookConfiguration lets pass what it cannot judge, deletions aside. */
export async function waitForEnforced(kubectl: Kubectl, name: string): Promise<void> {
  const path = 'jsonpath={range .webhooks[*]}{.name}={.failurePolicy} {end}';
  await waitFor(`${name} to be enforced`, async () => {
    const policies = await kubectl(['get', 'validatingwebhookconfiguration', name, '-o', path]);
    const judging = policies.split(' ').filter((entry) => entry !== '' && !entry.startsWith('deletion.'));
    return judging.length > 0 && judging.every((entry) => entry.endsWith('=Fail'));
  });
}
