import { VERSION_ANNOTATION } from '../../api/our-names.ts';
import {
  isJsonObject,
  displayName,
  objectKey,
  refOf,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../kube-object.ts';
import { parseRelease } from '../istio/release.ts';
import type { Result } from '../problem.ts';
import type { Rendered, RenderedComponent } from '../render/index.ts';
import { COMPONENT_TRAITS } from '../render/composition/component-instances.ts';
import { cloneJson, mergeInto } from '../values/merge.ts';
import { fitObject, isFitted } from './fit-overlays.ts';
import type { Translation } from './translation.ts';

/** A resource that renders what is there, and what it cannot keep. */
export interface Proposal {
  /** Without a name yet. */
  resource: { metadata: { annotations?: Record<string, string> }; spec: JsonObject };
  /** What it renders otherwise than it is, each with object and path. */
  notes: string[];
}

/** Renders a spec in the form that the former installer rendered it in. */
export type RenderFormer = (resource: Proposal['resource']) => Result<Rendered>;

const IMAGE = /^(.+)\/pilot:([\w.-]+?)(?:-(?:distroless|debug))?$/;
/** Kinds that the operator decides about, or that are made from what is compared elsewhere. */
const NOT_COMPARED =
  /^(CustomResourceDefinition|MutatingWebhookConfiguration|ValidatingWebhookConfiguration|ClusterRole|ClusterRoleBinding|Role|RoleBinding)$/;
/** What istiod and people read, made from the values. */
const TEXTS = /^(istio-sidecar-injector|values)(-|$)/;

/**
 * Completes a translation: images and release as they run, and overlays where the rendering differs from what the former
 * installer set. What it renders is compared with what is there, until nothing differs or no overlay can help.
 */
export function propose(translation: Translation, live: readonly KubeObject[], render: RenderFormer): Result<Proposal> {
  const byKey = new Map(live.map((object) => [objectKey(refOf(object)), object]));
  const resource = withImages(translation.spec, live);
  const first = render(resource);
  if (!first.ok) return first;
  for (const component of first.value.components) addOverlays(resource.spec, component, byKey);
  const second = render(resource);
  if (!second.ok) return second;
  const rest = second.value.components.flatMap(({ objects }) =>
    objects.flatMap((object) => describeRest(object, byKey)),
  );
  const value = { resource, notes: [...translation.notes, ...rest] };
  return { ok: true, value, warnings: second.warnings };
}

/** Hub, tag and release by the image of istiod, where the translation does not name them. */
function withImages(translated: JsonObject, live: readonly KubeObject[]): Proposal['resource'] {
  const spec = cloneJson(translated);
  const [, hub, tag = ''] = live.map(istiodImage).find((image) => image !== undefined) ?? [];
  if (hub !== undefined && spec['hub'] === undefined) mergeInto(spec, { hub, tag });
  const release = parseRelease(tag);
  return { metadata: release ? { annotations: { [VERSION_ANNOTATION]: release.minor } } : {}, spec };
}

function istiodImage({ kind, metadata, spec }: KubeObject): RegExpExecArray | undefined {
  if (kind !== 'Deployment' || metadata.labels?.['app'] !== 'istiod') return undefined;
  const image = JSON.stringify(spec ?? {}).match(/"image":"([^"]*\/pilot:[^"]*)"/)?.[1];
  return IMAGE.exec(image ?? '') ?? undefined;
}

function addOverlays(spec: JsonObject, component: RenderedComponent, live: ReadonlyMap<string, KubeObject>): void {
  const overlays = component.objects.flatMap((object): Json[] => {
    const found = live.get(objectKey(refOf(object)));
    const patches = found && isFitted(object) ? fitObject(object, found) : [];
    if (patches.length === 0) return [];
    const { kind, metadata } = object;
    return [{ kind, name: metadata.name, patches: patches.map(({ path, value }) => ({ path, value: value ?? null })) }];
  });
  if (overlays.length === 0) return;
  const settings = settingsOf(spec, component);
  mergeInto(settings, { k8s: { overlays } });
}

/** The entry of `spec.components` that a rendered component comes from, made when there is none. */
function settingsOf(spec: JsonObject, { component, instance }: RenderedComponent): JsonObject {
  const { key, many } = COMPONENT_TRAITS[component];
  if (!many) {
    mergeInto(spec, { components: { [key]: {} } });
    return (spec['components'] as JsonObject)[key] as JsonObject;
  }
  const components = (spec['components'] ??= {}) as JsonObject;
  const list = (components[key] ??= []) as Json[];
  const found = list.filter(isJsonObject).find(({ name }) => name === instance);
  if (found) return found;
  const added: JsonObject = { name: instance, enabled: true };
  list.push(added);
  return added;
}

function describeRest(object: KubeObject, live: ReadonlyMap<string, KubeObject>): string[] {
  const found = live.get(objectKey(refOf(object)));
  if (!found || NOT_COMPARED.test(object.kind) || (object.kind === 'ConfigMap' && TEXTS.test(object.metadata.name)))
    return [];
  return fitObject(object, found).map(({ path }) => `${displayName(refOf(object))} ${path}: cannot be kept as it is`);
}
