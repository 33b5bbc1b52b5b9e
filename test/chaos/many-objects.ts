// Objects of others, many of them.
import { mapConcurrently } from '../../src/runtime/map-concurrently.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { waitFor } from '../../testbed/wait.ts';

const PER_NAMESPACE = 500;
const AT_ONCE = 24;

/** Creates those from one number to another, in namespaces of their own. They stay pending: nobody schedules them. */
export async function createPods(admin: KubeClient, from: number, to: number): Promise<void> {
  const indices = numbers(from, to);
  for (const index of indices.filter((value) => value % PER_NAMESPACE === 0)) {
    const metadata = { name: namespaceOf(index), labels: { 'istio-injection': 'disabled' } };
    await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { fieldManager: 'chaos' });
    await waitFor('its account', () =>
      admin.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: namespaceOf(index), name: 'default' }),
    );
  }
  await mapConcurrently(indices, AT_ONCE, (index) =>
    admin.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: namespaceOf(index), name: `app-${index}`, labels: { app: `app-${index % 50}` } },
      spec: { schedulerName: 'nobody', containers: [{ name: 'app', image: 'registry.invalid/app:1' }] },
    }),
  );
}

/** Creates those from one number to another, in the namespaces of the pods of the same numbers. */
export async function createServices(admin: KubeClient, from: number, to: number): Promise<void> {
  await mapConcurrently(numbers(from, to), AT_ONCE, (index) =>
    admin.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: namespaceOf(index), name: `app-${index}` },
      // Without addresses, of which there are too few.
      spec: { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] },
    }),
  );
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function namespaceOf(index: number): string {
  return `scale-${Math.floor(index / PER_NAMESPACE)}`;
}
