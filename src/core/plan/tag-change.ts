import { REVISION_LABEL } from '../../api/istio-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { targetOf } from './former-target.ts';
import { findKeeper } from './field-keeper.ts';
import { ownerKey } from './owner-labels.ts';

/** What the tags of a cluster are read from. */
export interface TagWorld {
  /** IstioOperators. */
  resources: readonly KubeObject[];
  /** MutatingWebhookConfigurations. */
  webhooks: readonly KubeObject[];
  namespaces: readonly KubeObject[];
}

/** New tags of one IstioOperator. */
export interface TagStep {
  resource: KubeObject;
  before: readonly string[];
  after: readonly string[];
  /** Tool that keeps the resource as it is in Git; undefined where a person does. */
  keeper?: string;
}

/** What to change, in this order, or why that cannot be done. */
export type TagPlan = { steps: readonly TagStep[] } | { problem: string };

/** One line of the list. */
export interface TagLine {
  tag: string;
  /** Undefined while the operator has not made it. */
  revision?: string;
  previous?: string;
  /** `namespace/name` of the IstioOperators whose spec has it. */
  owners: string[];
  namespaces: number;
}

const DEFAULT = 'default';

export function nameOf({ metadata }: KubeObject): string {
  return ownerKey({ name: metadata.name, namespace: metadata.namespace ?? '' });
}

/** What leads a tag to a revision: who is to have it comes first, so that it is never nobody's. */
export function planTagMove({ resources }: TagWorld, tag: string, revision: string): TagPlan {
  const planes = resources.filter(hasControlPlane);
  const [holder, another] = planes.filter((resource) => revisionOf(resource) === revision);
  if (!holder) {
    const known = listSome([...new Set(planes.map(revisionOf))].sort());
    return { problem: `no IstioOperator has revision ${revision}${known === '' ? '' : `; there is ${known}`}` };
  }
  if (another) {
    const names = `${nameOf(holder)} and ${nameOf(another)}`;
    return {
      problem: `${names} both have revision ${revision}: set spec.values.revisionTags of the one that is meant`,
    };
  }
  if (tag === DEFAULT && revision === DEFAULT) {
    return { problem: 'a control plane without a revision is the default already: remove the tag from the others' };
  }
  const others = resources.filter((resource) => resource !== holder && tagsOf(resource).includes(tag));
  const isThere = tagsOf(holder).includes(tag);
  const gain = isThere ? [] : [stepOf(holder, [...tagsOf(holder), tag])];
  return { steps: [...gain, ...others.map((resource) => lossOf(resource, tag))] };
}

/** What leads a tag to where it led before. */
export function planTagRollback(world: TagWorld, tag: string): TagPlan {
  const target = world.webhooks.map(targetOf).find((found) => found?.tag === tag);
  if (!target) return { problem: `tag ${tag} is not there${known(world)}` };
  const { revision, previous } = target;
  if (previous === undefined) return { problem: `tag ${tag} has led to no other revision than ${revision} yet` };
  return planTagMove(world, tag, previous);
}

export function planTagRemoval(world: TagWorld, tag: string): TagPlan {
  const holders = world.resources.filter((resource) => tagsOf(resource).includes(tag));
  if (holders.length === 0) return { problem: `no IstioOperator has tag ${tag}${known(world)}` };
  return { steps: holders.map((resource) => lossOf(resource, tag)) };
}

/** All tags, of specs and of webhooks, by name. */
export function listTags({ resources, webhooks, namespaces }: TagWorld): TagLine[] {
  const live = new Map(
    webhooks.flatMap((object) => {
      const target = targetOf(object);
      return target ? [[target.tag, target] as const] : [];
    }),
  );
  const names = [...new Set([...live.keys(), ...resources.flatMap(tagsOf)])].sort();
  return names.map((tag) => {
    const { revision, previous } = live.get(tag) ?? {};
    return {
      tag,
      ...(revision === undefined ? {} : { revision }),
      ...(previous === undefined ? {} : { previous }),
      owners: resources.filter((resource) => tagsOf(resource).includes(tag)).map(nameOf),
      namespaces: namespaces.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === tag).length,
    };
  });
}

function known(world: TagWorld): string {
  const names = listTags(world).map(({ tag }) => tag);
  return names.length === 0 ? '; there are no tags' : `; there is ${listSome(names)}`;
}

function lossOf(resource: KubeObject, tag: string): TagStep {
  return stepOf(
    resource,
    tagsOf(resource).filter((name) => name !== tag),
  );
}

function stepOf(resource: KubeObject, after: readonly string[]): TagStep {
  const keeper = findKeeper(resource, ['spec']);
  return { resource, before: tagsOf(resource), after, ...(keeper === undefined ? {} : { keeper }) };
}

function valuesOf({ spec }: KubeObject): Record<string, unknown> {
  const values = isJsonObject(spec) ? spec['values'] : undefined;
  return isJsonObject(values) ? values : {};
}

function tagsOf(resource: KubeObject): string[] {
  const tags = valuesOf(resource)['revisionTags'];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** Tags are of control planes: a resource of gateways alone has nothing that one could lead to. */
function hasControlPlane({ spec }: KubeObject): boolean {
  const { profile, components } = isJsonObject(spec) ? spec : {};
  const pilot = isJsonObject(components) ? components['pilot'] : undefined;
  const enabled = isJsonObject(pilot) ? pilot['enabled'] : undefined;
  return typeof enabled === 'boolean' ? enabled : profile !== 'empty';
}

function revisionOf(resource: KubeObject): string {
  const { spec } = resource;
  const names = [isJsonObject(spec) ? spec['revision'] : undefined, valuesOf(resource)['revision']];
  return (names.find((name) => typeof name === 'string' && name !== '') as string | undefined) ?? DEFAULT;
}
