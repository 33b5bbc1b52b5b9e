// What the operator does once the mesh is Ready: gives pods their proxy, refuses bad resources, repairs what breaks.
import { K8s, kind } from 'kubernetes-fluent-client';

import type { Kubectl } from '../kubectl.ts';
import { waitFor } from '../wait.ts';
import { BAD_ROUTE, containersOf, POD, SHOP } from './samples.ts';
import type { Stage } from './stage.ts';

const ISTIOD = { namespace: 'istio-system', name: 'istiod' };

/** Labels a namespace, and shows the pod that comes of it. */
export async function showInjection({ screen, signal }: Stage, kubectl: Kubectl): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHOP } };
  await kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
  await kubectl(['label', 'namespace', SHOP, 'istio-injection=enabled', '--overwrite']);
  // The API server calls a webhook that is new a moment later.
  await waitFor(
    'the webhook to inject',
    async () => {
      const tried = await kubectl(['apply', '--dry-run=server', '-o', 'json', '-f', '-'], JSON.stringify(POD));
      return containersOf(JSON.parse(tried)).length > 1;
    },
    { signal },
  );
  const made = await kubectl(['apply', '-o', 'json', '-f', '-'], JSON.stringify(POD));
  screen.tell(
    `\nnamespace ${SHOP} is labelled istio-injection=enabled; a pod with container web, and what the operator adds:`,
  );
  for (const { name, image } of containersOf(JSON.parse(made))) screen.tell(`  ${name.padEnd(16)}${image}`);
}

/** Applies a VirtualService with a mistake. */
export async function showRefusal({ screen, signal }: Stage, kubectl: Kubectl): Promise<void> {
  const answer = await waitFor(
    'the webhook to refuse a bad VirtualService',
    () =>
      kubectl(['apply', '--dry-run=server', '-f', '-'], JSON.stringify(BAD_ROUTE)).then(
        () => undefined,
        (error: Error) => error.message,
      ),
    { signal },
  );
  screen.tell(
    `\na VirtualService that retries on "5xxx" is refused:\n  ${answer.replace(/^.*denied the request: /s, '')}`,
  );
}

/** Deletes istiod's Deployment. */
export async function showRepair({ screen, signal }: Stage): Promise<void> {
  const { namespace, name } = ISTIOD;
  const deployments = K8s(kind.Deployment).InNamespace(namespace);
  const before = (await deployments.Get(name)).metadata?.uid;
  await deployments.Delete(name);
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(2)} s`;
  const isNew = async (): Promise<boolean> => (await deployments.Get(name)).metadata?.uid !== before;
  await waitFor(`${namespace}/${name} to come back`, isNew, { signal, intervalMs: 10 });
  const back = seconds();
  const isReady = async (): Promise<boolean> => ((await deployments.Get(name)).status?.readyReplicas ?? 0) > 0;
  await waitFor(`${namespace}/${name} to be ready again`, isReady, { signal, timeoutMs: 60_000 });
  screen.tell(`\ndeployment/${name} was deleted: there again after ${back}, ready after ${seconds()}`);
}
