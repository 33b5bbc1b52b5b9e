import { FIELD_MANAGER, KEPT_MANAGER } from '../../api/our-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import {
  appliedFields,
  computeSurplusPaths,
  managedFieldsOf,
  type FieldPath,
  type FieldsV1,
  type ManagedFieldsEntry,
} from './field-ownership.ts';
import { isContained, podTemplateOf, templateLabels, withTemplateLabels } from './pod-template.ts';

/** Labels that tell of the installer and its chart, and by which nothing goes. */
export const OF_INSTALLERS =
  /^((app\.kubernetes\.io|helm\.sh|operator\.istio\.io|install\.operator\.istio\.io)\/.*|release|chart|heritage)$/;
const AT: FieldPath = ['f:spec', 'f:template', 'f:metadata', 'f:labels'];

/**
 * Labels of the live pod template that stay as another installer set them when the workload becomes ours: those that
 * only tell who installed it, where nothing else of the template changes. To write them would restart all pods.
 */
export function findKeepableLabels(desired: KubeObject, live: KubeObject, formerly: readonly string[]): string[] {
  const wanted = templateLabels(desired);
  const selected = selectorLabels(desired);
  const names = Object.entries(templateLabels(live))
    .filter(([name, value]) => OF_INSTALLERS.test(name) && wanted[name] !== value && !selected.has(name))
    .map(([name]) => name);
  const former = managedFieldsOf(live).filter(({ manager }) => formerly.includes(manager));
  return agreesBut(names, { desired, live, shares: former.map(({ fieldsV1 = {} }) => fieldsV1) }) ? names : [];
}

/** Whether pods restart when the workload becomes ours, these labels kept; false for what has no pods. */
export function restartsPods(
  { desired, live, formerly }: { desired: KubeObject; live: KubeObject; formerly: readonly string[] },
  kept: readonly string[],
): boolean {
  if (!podTemplateOf(desired)) return false;
  const former = managedFieldsOf(live).filter(({ manager }) => formerly.includes(manager));
  return !agreesBut(kept, { desired, live, shares: former.map(({ fieldsV1 = {} }) => fieldsV1) });
}

/** Labels of the live pod template that were kept when the workload became ours. */
export function listKeptLabels(live: KubeObject): string[] {
  const labels = AT.reduce<FieldsV1 | undefined>((node, element) => node?.[element], appliedFields(live, KEPT_MANAGER));
  return Object.keys(labels ?? {}).flatMap((element) => (element.startsWith('f:') ? [element.slice(2)] : []));
}

/** Whether the pod template would stay as it is if these labels do. */
export function agreesButLabels(names: readonly string[], desired: KubeObject, live: KubeObject): boolean {
  return agreesBut(names, { desired, live, shares: [appliedFields(live, FIELD_MANAGER) ?? {}] });
}

/** The object without these labels of its pod template: they are not ours to write. */
export function withoutLabels(object: KubeObject, names: readonly string[]): KubeObject {
  if (names.length === 0) return object;
  const labels = Object.entries(templateLabels(object)).filter(([name]) => !names.includes(name));
  return withTemplateLabels(object, Object.fromEntries(labels));
}

/** What keeps these labels where they are while nobody applies them; undefined for none. */
export function keeperOf(names: readonly string[], apiVersion: string): ManagedFieldsEntry | undefined {
  if (names.length === 0) return undefined;
  const labels: FieldsV1 = Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
  const fieldsV1 = AT.reduceRight<FieldsV1>((node, element) => ({ [element]: node }), labels);
  return { manager: KEPT_MANAGER, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 };
}

interface Comparison {
  desired: KubeObject;
  live: KubeObject;
  /** Fields that go from the live object where the desired one does not set them. */
  shares: readonly FieldsV1[];
}

function agreesBut(names: readonly string[], { desired, live, shares }: Comparison): boolean {
  const wanted = withoutLabels(desired, names);
  if (!isContained(podTemplateOf(wanted), podTemplateOf(live))) return false;
  const kept = new Set(names.map((name) => `f:${name}`));
  return shares
    .flatMap((share) => computeSurplusPaths(wanted, share))
    .filter((path) => path[1] === 'f:template')
    .every((path) => path.length === AT.length + 1 && kept.has(path.at(-1) ?? '') && isBelowLabels(path));
}

function isBelowLabels(path: FieldPath): boolean {
  return AT.every((element, depth) => path[depth] === element);
}

function selectorLabels({ spec }: KubeObject): Set<string> {
  const selector = isJsonObject(spec) ? spec['selector'] : undefined;
  const labels = isJsonObject(selector) ? selector['matchLabels'] : undefined;
  return new Set(isJsonObject(labels) ? Object.keys(labels) : []);
}
