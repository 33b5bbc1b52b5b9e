import { FIELD_MANAGER } from '../../api/our-names.ts';
import { isJsonObject, type Json, type KubeObject } from '../kube-object.ts';
import { findFormerInstallers } from './adoption.ts';
import {
  appliedFields,
  displayPath,
  isPathOwned,
  managedFieldsOf,
  matchItems,
  type FieldPath,
  type FieldsV1,
} from './field-ownership.ts';

/** A field of one of our objects that somebody else set, and that the operator leaves alone. */
export interface ForeignField {
  /** `.spec.template.metadata.annotations.note`, as the API server names it. */
  path: string;
  /** Undefined for an empty map or list. */
  value: Json | undefined;
  managers: string[];
}

/** Our other managers and Kubernetes itself hold by right what they hold. */
const BY_RIGHT = /^(sailwright(-.*)?|kube-(controller-manager|apiserver|scheduler))$/;
/** Of webhooks whoever serves them sets these: istiod, cert-manager. */
const OF_SERVERS = ['f:caBundle', 'f:failurePolicy'];

/**
 * What others than the operator hold of a live object, beside what is theirs by right: status, scale, certificates and
 * the policy of webhooks, and what a former installer held before the operator takes it over.
 */
export function findForeignFields(live: KubeObject): ForeignField[] {
  const ours = appliedFields(live, FIELD_MANAGER);
  if (!ours) return [];
  const former = new Set(findFormerInstallers(live));
  const fields = new Map<string, ForeignField>();
  for (const { manager, subresource, fieldsV1 = {} } of managedFieldsOf(live)) {
    if (subresource || BY_RIGHT.test(manager) || former.has(manager)) continue;
    for (const path of leavesOf(fieldsV1)) {
      if (isPathOwned(ours, path) || isByRight(path)) continue;
      const name = displayPath(path);
      const managers = [...new Set([...(fields.get(name)?.managers ?? []), manager])].sort();
      fields.set(name, { path: name, value: valueAt(live as unknown as Json, path), managers });
    }
  }
  return [...fields.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** How many there are in all objects. */
export function countForeignFields(objects: readonly KubeObject[]): number {
  return objects.reduce((count, object) => count + findForeignFields(object).length, 0);
}

function isByRight(path: FieldPath): boolean {
  return path[0] === 'f:status' || (path[0] === 'f:webhooks' && OF_SERVERS.includes(path.at(-1) ?? ''));
}

function leavesOf(node: FieldsV1, path: FieldPath = []): FieldPath[] {
  const children = Object.entries(node).filter(([element]) => element !== '.');
  if (children.length === 0) return path.length === 0 ? [] : [path];
  return children.flatMap(([element, child]) => leavesOf(child, [...path, element]));
}

function valueAt(value: Json | undefined, [element, ...rest]: FieldPath): Json | undefined {
  if (element === undefined) return value;
  if (Array.isArray(value)) {
    const at = value.findIndex((_, i) => matchItems(value, { [element]: {} }).has(i));
    return at < 0 ? undefined : valueAt(value[at], rest);
  }
  return isJsonObject(value) ? valueAt(value[element.slice(2)], rest) : undefined;
}
