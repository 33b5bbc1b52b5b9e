import type { Kubectl } from '../../../testbed/kubectl.ts';

/** One object as a test names it. */
export interface FoundObject {
  kind: string;
  name: string;
  namespace: string;
}

interface ListedObject {
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** Kinds that change by themselves and are never ours. */
const NOT_ASKED = new Set(['events', 'events.events.k8s.io']);

/** Every object of every kind that the API server lists with this label, over all namespaces. */
export async function fetchLabelled(kubectl: Kubectl, selector: string): Promise<FoundObject[]> {
  const kinds = (await kubectl(['api-resources', '--verbs=list', '-o', 'name'])).split('\n');
  const asked = kinds.filter((name) => name !== '' && !NOT_ASKED.has(name)).join(',');
  const { items } = JSON.parse(await kubectl(['get', asked, '-A', '-l', selector, '-o', 'json'])) as {
    items: ListedObject[];
  };
  return items.map(({ kind, metadata }) => ({ kind, name: metadata.name, namespace: metadata.namespace ?? '' }));
}

/** `Deployment istio-system/istiod`, sorted: what two lists are compared by. */
export function displayNames(objects: readonly FoundObject[]): string[] {
  return objects.map(({ kind, namespace, name }) => `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`).sort();
}
