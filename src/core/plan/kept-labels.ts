import { FIELD_MANAGER, KEPT_MANAGER } from '../../api/our-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import {
  appliedFields,
  computeSurplusPaths,
  managedFieldsOf,
  mergeFields,
  saysNothing,
  type FieldPath,
  type FieldsV1,
  type ManagedFieldsEntry,
} from './field-ownership.ts';
import { isContained, podTemplateOf, templateLabels, withTemplateLabels } from './pod-template.ts';

/** Labels that tell of the installer and its chart, and by which nothing goes. */
export const OF_INSTALLERS =
  /^((app\.kubernetes\.io|helm\.sh|operator\.istio\.io|install\.operator\.istio\.io)\/.*|release|chart|heritage)$/;
const AT: FieldPath = ['f:spec', 'f:template', 'f:metadata', 'f:labels'];
/** Kubernetes' former name of serviceAccountName, which it fills in from that again. */
const FORMER_ACCOUNT = ['f:spec', 'f:template', 'f:spec', 'f:serviceAccount'].join();

/**
 * Fields of the live pod template that stay as another installer set them when the workload becomes ours, as managed
 * fields: labels that only tell who installed it, and what is empty and so says nothing, where nothing else of the
 * template changes. To write them would restart all pods.
 */
export function findKeepable(desired: KubeObject, live: KubeObject, formerly: readonly string[]): FieldsV1 {
  const wanted = templateLabels(desired);
  const selected = selectorLabels(desired);
  const names = Object.entries(templateLabels(live))
    .filter(([name, value]) => OF_INSTALLERS.test(name) && wanted[name] !== value && !selected.has(name))
    .map(([name]) => name);
  const shares = sharesOf(live, formerly);
  if (!agreesBut(names, { desired, live, shares })) return {};
  const withoutThem = withoutLabels(desired, names);
  const empty = shares.flatMap((share) =>
    surplusInTemplate(withoutThem, share)
      .filter((path) => isIdle(live, path))
      .map((path) => treeAt(path, nodeAt(share, path))),
  );
  return [labelTree(names), ...empty].reduce(mergeFields, {});
}

/** Whether pods restart when the workload becomes ours, these labels kept; false for what has no pods. */
export function restartsPods(
  { desired, live, formerly }: { desired: KubeObject; live: KubeObject; formerly: readonly string[] },
  kept: FieldsV1,
): boolean {
  if (!podTemplateOf(desired)) return false;
  return !agreesBut(labelsIn(kept), { desired, live, shares: sharesOf(live, formerly) });
}

/** Labels of the live pod template that were kept when the workload became ours. */
export function listKeptLabels(live: KubeObject): string[] {
  return labelsIn(appliedFields(live, KEPT_MANAGER) ?? {});
}

/** The labels of a pod template among kept fields. */
export function labelsIn(kept: FieldsV1): string[] {
  const labels = Object.keys(nodeAt(kept, AT));
  return labels.flatMap((element) => (element.startsWith('f:') ? [element.slice(2)] : []));
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

/** What keeps these fields as they are while nobody applies them; undefined for none. */
export function keeperOf(kept: FieldsV1, apiVersion: string): ManagedFieldsEntry | undefined {
  if (Object.keys(kept).length === 0) return undefined;
  return { manager: KEPT_MANAGER, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1: kept };
}

function labelTree(names: readonly string[]): FieldsV1 {
  return names.length === 0 ? {} : treeAt(AT, Object.fromEntries(names.map((name) => [`f:${name}`, {}])));
}

function treeAt(path: FieldPath, node: FieldsV1): FieldsV1 {
  return path.reduceRight<FieldsV1>((below, element) => ({ [element]: below }), node);
}

function nodeAt(tree: FieldsV1, path: FieldPath): FieldsV1 {
  return path.reduce<FieldsV1>((node, element) => node[element] ?? {}, tree);
}

function sharesOf(live: KubeObject, managers: readonly string[]): FieldsV1[] {
  return managedFieldsOf(live)
    .filter(({ manager }) => managers.includes(manager))
    .map(({ fieldsV1 = {} }) => fieldsV1);
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
    .flatMap((share) => surplusInTemplate(wanted, share))
    .filter((path) => !isIdle(live, path))
    .every((path) => path.length === AT.length + 1 && kept.has(path.at(-1) ?? '') && isBelowLabels(path));
}

function surplusInTemplate(desired: KubeObject, share: FieldsV1): FieldPath[] {
  return computeSurplusPaths(desired, share).filter((path) => path[1] === 'f:template');
}

/** Whether it makes no difference that the field is there. */
function isIdle(live: KubeObject, path: FieldPath): boolean {
  return saysNothing(live, path) || path.join() === FORMER_ACCOUNT;
}

function isBelowLabels(path: FieldPath): boolean {
  return AT.every((element, depth) => path[depth] === element);
}

function selectorLabels({ spec }: KubeObject): Set<string> {
  const selector = isJsonObject(spec) ? spec['selector'] : undefined;
  const labels = isJsonObject(selector) ? selector['matchLabels'] : undefined;
  return new Set(isJsonObject(labels) ? Object.keys(labels) : []);
}
