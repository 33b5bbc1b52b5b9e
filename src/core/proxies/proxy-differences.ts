import { STATUS_ANNOTATION } from '../../api/istio-names.ts';
import { containersOf, findContainer, nameOf, type ContainerList } from '../inject/containers.ts';
import { OVERRIDES_ANNOTATION } from '../inject/overrides.ts';
import { statusOf } from '../inject/status-annotation.ts';
import type { Pod } from '../inject/template-context.ts';
import { isEqual } from '../json-equality.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { listFieldDifferences, type FieldDifference } from './field-differences.ts';
import { plainForm } from './plain-form.ts';

/** A pod before injection, with what it makes of it, and the pod that runs. */
export interface ComparedPods {
  /** As its workload creates it. */
  created: Pod;
  /** The same, injected. */
  injected: Pod;
  live: Pod;
}

const LISTS: readonly ContainerList[] = ['containers', 'initContainers'];
/** Admission mounts it into every container, that of the proxy too. */
const ACCOUNT_MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** LimitRanges and vertical autoscalers say in these annotations of which containers they set the resources. */
const RESOURCE_SETTERS: readonly string[] = ['kubernetes.io/limit-ranger', 'vpaUpdates'];

/** What injection writes down of its own work, and of containers of its names as it met them: admission fills those in. */
const RECORDS: ReadonlySet<string> = new Set([STATUS_ANNOTATION, OVERRIDES_ANNOTATION]);

/**
 * What injection would set otherwise than the live pod has it: in what it adds as a whole, and in what it changes of the
 * rest. What others than injection set in the pod is no difference.
 */
export function listProxyDifferences(pods: ComparedPods): FieldDifference[] {
  return [...inMetadata(pods), ...LISTS.flatMap((list) => inContainers(pods, list)), ...inSpec(pods)];
}

function inMetadata({ created, injected, live }: ComparedPods): FieldDifference[] {
  return (['labels', 'annotations'] as const).flatMap((map) => {
    const [before, after, now] = [created.metadata[map], injected.metadata[map], live.metadata[map]].map(
      (each) => each ?? {},
    );
    const set = Object.entries(after ?? {}).filter(([key, value]) => !RECORDS.has(key) && before?.[key] !== value);
    return set.flatMap(([key, value]) =>
      now?.[key] === value ? [] : [{ path: `metadata.${map}[${key}]`, before: now?.[key], after: value }],
    );
  });
}

/** Containers of the injection are compared as a whole, others in what injection changes of them. */
function inContainers({ created, injected, live }: ComparedPods, list: ContainerList): FieldDifference[] {
  const [own, next, now] = [created, injected, live].map(({ spec }) => containersOf(spec, list)) as [
    readonly JsonObject[],
    readonly JsonObject[],
    readonly JsonObject[],
  ];
  const added = new Set([...(statusOf(live)?.[list] ?? []), ...(statusOf(injected)?.[list] ?? [])]);
  const names = new Set([...added, ...next.map(nameOf)]);
  return [...names].flatMap((name) => {
    const path = `${list}[${name}]`;
    const [before, after] = [findContainer(now, name), findContainer(next, name)];
    if (added.has(name)) return differencesOfAdded({ before, after, path, live });
    return differencesOfChanged(findContainer(own, name), { before, after, path });
  });
}

interface Compared {
  before: JsonObject | undefined;
  after: JsonObject | undefined;
  path: string;
}

function differencesOfAdded({ before, after, path, live }: Compared & { live: Pod }): FieldDifference[] {
  if (!before || !after) return before || after ? [{ path, before: textOf(before), after: textOf(after) }] : [];
  const isSetByOthers = RESOURCE_SETTERS.some((name) => live.metadata.annotations?.[name]?.includes(nameOf(after)));
  const ignored = [
    ...(isSetByOthers ? ['resources'] : []),
    ...(after.imagePullPolicy === undefined ? ['imagePullPolicy'] : []),
    ...(isSameImage(before.image, after.image) ? ['image'] : []),
  ];
  return listFieldDifferences(
    plainForm(without(withoutAccount(before), ignored)),
    plainForm(without(withoutAccount(after), ignored)),
    path,
  );
}

/** A container as a difference: its image says enough. */
function textOf(container: JsonObject | undefined): Json | undefined {
  return container && (container.image ?? '');
}

/** A registry's digest that was added to the name is no other image. */
function isSameImage(before: Json | undefined, after: Json | undefined): boolean {
  return typeof before === 'string' && typeof after === 'string' && before.startsWith(`${after}@`);
}

function withoutAccount(container: JsonObject): JsonObject {
  const { volumeMounts } = container;
  if (!Array.isArray(volumeMounts)) return container;
  const kept = volumeMounts.filter((mount) => !isJsonObject(mount) || mount.mountPath !== ACCOUNT_MOUNT);
  return { ...container, volumeMounts: kept };
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function differencesOfChanged(own: JsonObject | undefined, { before, after, path }: Compared): FieldDifference[] {
  if (!before || !after || !own) return [];
  return Object.keys(after).flatMap((key) =>
    changedField({ own: own[key], before: before[key], after: after[key] }, `${path}.${key}`),
  );
}

function changedField(
  { own, before, after }: { own: Json | undefined; before: Json | undefined; after: Json | undefined },
  path: string,
): FieldDifference[] {
  if (isEqual(own, after)) return [];
  const settings = new Set(listFieldDifferences(plainForm(own), plainForm(after), path).map((each) => each.path));
  return listFieldDifferences(plainForm(before), plainForm(after), path).filter((each) => settings.has(each.path));
}

/** Volumes of the injection, and whatever else of the pod it sets. */
function inSpec({ created, injected, live }: ComparedPods): FieldDifference[] {
  return Object.keys(injected.spec)
    .filter((key) => !LISTS.some((list) => list === key))
    .flatMap((key) => changedField({ own: created.spec[key], before: live.spec[key], after: injected.spec[key] }, key));
}
