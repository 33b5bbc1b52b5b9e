import { groupBy } from '../../group-by.ts';
import { listSome } from '../../list-some.ts';
import type { Kind } from '../kinds.ts';
import { KIND } from '../kinds.ts';
import { message, missing, podNeed, type Message } from '../messages.ts';
import type { Resource } from '../resource.ts';
import { hasLabels, selectorText, type Labels } from '../../label-selector.ts';
import type { World } from '../world.ts';

/** Resources of one kind that select a pod. */
export interface Selection {
  pod: Resource;
  selectedBy: Resource[];
}

/** Which pods each resource with a selector selects in its own namespace, and a message for each that selects none. */
export function selectWorkloads(
  world: World,
  kind: Kind,
  where: { selectorOf: (resource: Resource) => Labels; path: string },
): { selections: Selection[]; messages: Message[] } {
  const selections = new Map<Resource, Selection>();
  const messages: Message[] = [];
  for (const resource of world.list(kind)) {
    const selector = where.selectorOf(resource);
    if (Object.keys(selector).length === 0) continue;
    const pods = world.listIn(KIND.pod, resource.namespace).filter(({ labels }) => hasLabels(labels, selector));
    for (const pod of pods) {
      const selection = selections.get(pod) ?? { pod, selectedBy: [] };
      selection.selectedBy.push(resource);
      selections.set(pod, selection);
    }
    if (pods.length > 0) continue;
    const text = `selector not found: "${selectorText(selector)}". No pod in namespace ${resource.namespace || 'default'} carries these labels.`;
    messages.push(missing(message('IST0101', resource, text, where.path), podNeed(selector, resource.namespace)));
  }
  return { selections: [...selections.values()], messages };
}

/** Resources of a namespace that hold for all of it. */
export interface GeneralResources {
  namespace: string;
  /** Those that the world lists: at admission, what is judged. */
  listed: readonly Resource[];
  /** All that are there. */
  rivals: readonly Resource[];
}

/** Looks once at each namespace, however many resources hold for it. */
export function groupGeneral(world: World, kind: Kind, isGeneral: (resource: Resource) => boolean): GeneralResources[] {
  const listed = groupBy(world.list(kind).filter(isGeneral), ({ namespace }) => namespace);
  return [...listed].map(([namespace, resources]) => ({
    namespace,
    listed: resources,
    rivals: world.listIn(kind, namespace).filter(isGeneral),
  }));
}

/** `a, b`: the names of resources, sorted, as many as can be read. */
export function namesOf(resources: readonly Resource[]): string {
  return listSome(resources.map(({ name }) => name).sort());
}
