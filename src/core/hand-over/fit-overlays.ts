import { KEPT_MANAGER } from '../../api/our-names.ts';
import { REVISION_LABEL } from '../../api/istio-names.ts';
import { selectOwned } from '../diff/owned-fields.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import type { PathPatch } from '../overlay/path-overlay.ts';
import { managedFieldsOf, mergeFields, type FieldsV1 } from '../plan/field-ownership.ts';
import { OF_INSTALLERS } from '../plan/kept-labels.ts';
import { isContained } from '../plan/pod-template.ts';

/** Kinds whose differences an overlay can keep without reaching for rights or for what the operator decides. */
const FITTED: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'Service',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'ServiceAccount',
  'NetworkPolicy',
]);
/** Fields that Kubernetes, autoscalers and installers fill in by themselves. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'status',
  'spec.replicas',
  'spec.selector',
  // Kubernetes' former name of serviceAccountName, which it fills in from that.
  'spec.template.spec.serviceAccount',
  'secrets',
]);
/** By these their writers find what they wrote. */
const OF_WRITERS = /^(meta\.helm\.sh|(helm|kustomize)\.toolkit\.fluxcd\.io|argocd\.argoproj\.io)\//;
const BY_THEMSELVES = /^(sailwright(-.*)?|kube-.*|pilot-discovery|kubectl-(edit|rollout|scale))$/;

/** What an installer set of a live object: everything but what Kubernetes, istiod and people at work set. */
export function installedPart(live: KubeObject): KubeObject {
  const share = managedFieldsOf(live)
    .filter(({ manager, subresource }) => !subresource && !BY_THEMSELVES.test(manager) && manager !== KEPT_MANAGER)
    .map(({ fieldsV1 = {} }) => fieldsV1)
    .reduce<FieldsV1>(mergeFields, {});
  return selectOwned(live, share);
}

/** Whether differences of this object can become overlays. */
export function isFitted({ kind }: KubeObject): boolean {
  return FITTED.has(kind);
}

/**
 * The patches by which a rendered object becomes what an installer set of the live one. Labels of the object itself are
 * added, never removed; those that tell of the installer are passed over. Empty when it is so already.
 */
export function fitObject(rendered: KubeObject, live: KubeObject): PathPatch[] {
  const installed = installedPart(live);
  const fields = Object.keys({ ...rendered, ...installed }).filter((field) => !IDENTITY.has(field));
  return [
    ...fitMetadata(rendered, installed),
    ...fields.flatMap((field) =>
      fitValue(rendered[field] as Json | undefined, installed[field] as Json | undefined, [field]),
    ),
  ];
}

const IDENTITY: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function fitMetadata(rendered: KubeObject, installed: KubeObject): PathPatch[] {
  return (['labels', 'annotations'] as const).flatMap((part) =>
    Object.entries(installed.metadata[part] ?? {})
      .filter(([name, value]) => !isTelling(name) && rendered.metadata[part]?.[name] !== value)
      .map(([name, value]) => ({ path: pathOf(['metadata', part, name]), value })),
  );
}

function isTelling(name: string): boolean {
  return OF_INSTALLERS.test(name) || OF_WRITERS.test(name) || name === REVISION_LABEL;
}

function fitValue(wanted: Json | undefined, live: Json | undefined, path: readonly string[]): PathPatch[] {
  if (PASSED_OVER.has(path.join('.')) || isSame(wanted, live, path.at(-1))) return [];
  if (isJsonObject(wanted) && isJsonObject(live)) return fitMap(wanted, live, path);
  if (Array.isArray(wanted) && Array.isArray(live) && areNamedAlike(wanted, live)) {
    return live.flatMap((item, index) => fitValue(wanted[index], item, [...path, `[name:${nameOf(item) ?? ''}]`]));
  }
  return [{ path: pathOf(path), value: live ?? null }];
}

function fitMap(wanted: JsonObject, live: JsonObject, path: readonly string[]): PathPatch[] {
  const isTemplateLabels = path.join('.') === 'spec.template.metadata.labels';
  return Object.keys({ ...wanted, ...live })
    .filter((key) => !(isTemplateLabels && OF_INSTALLERS.test(key) && live[key] !== undefined))
    .flatMap((key) => fitValue(wanted[key], live[key], [...path, key]));
}

function isSame(a: Json | undefined, b: Json | undefined, field = ''): boolean {
  return isContained(a, b, field) && isContained(b, a, field);
}

function areNamedAlike(a: readonly Json[], b: readonly Json[]): boolean {
  return (
    a.length === b.length && a.every((item, index) => nameOf(item) !== undefined && nameOf(item) === nameOf(b[index]))
  );
}

function nameOf(item: Json | undefined): string | undefined {
  const name = isJsonObject(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** As overlays are written: dots within a key are escaped. */
function pathOf(path: readonly string[]): string {
  return path.map((element) => (element.startsWith('[') ? element : element.replaceAll('.', '\\.'))).join('.');
}
