import { FIELD_MANAGER, HASH_ANNOTATION } from '../../api/our-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { findFormerInstallers } from '../plan/adoption.ts';
import {
  appliedFields,
  managedFieldsOf,
  matchItems,
  mergeFields,
  type FieldsV1,
  type ManagedFieldsEntry,
} from '../plan/field-ownership.ts';

/**
 * The live object and the answer to a dry run of the apply, both cut down to what the apply is about: fields that are
 * ours before or after it, and those taken over from a former installer, of which what the keeper holds stays.
 * Defaults and other managers' fields are gone.
 */
export function computeOwnedViews(
  live: KubeObject,
  applied: KubeObject,
  keeper: Pick<ManagedFieldsEntry, 'fieldsV1'> = {},
): { before: KubeObject; after: KubeObject } {
  const former = new Set(findFormerInstallers(live));
  const isFormer = ({ manager, subresource }: ManagedFieldsEntry): boolean => !subresource && former.has(manager);
  const ours = appliedFields(applied, FIELD_MANAGER) ?? {};
  const taken = unite(managedFieldsOf(live).filter(isFormer));
  const share = [appliedFields(live, FIELD_MANAGER) ?? {}, taken, ours].reduce(mergeFields, {});
  const before = selectOwned(live, share);
  const after = selectOwned(applied, share);
  if (former.size === 0) return { before, after };
  // A dry run cannot show the takeover: what only a former installer holds goes away with it.
  const staying = managedFieldsOf(applied).filter((entry) => !isFormer(entry));
  const kept = mergeFields(unite(staying), keeper.fieldsV1 ?? {});
  return { before, after: selectOwned(after, kept) };
}

function unite(entries: readonly ManagedFieldsEntry[]): FieldsV1 {
  return entries.map(({ fieldsV1 }) => fieldsV1 ?? {}).reduce(mergeFields, {});
}

/** The object with identity and the fields that the tree owns. Our digest of it says nothing to a reader. */
export function selectOwned(object: KubeObject, owned: FieldsV1): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const selected = selectValue(object, owned) as Partial<KubeObject>;
  const { annotations, ...rest } = selected.metadata ?? { name };
  const shown = Object.entries(annotations ?? {}).filter(([key]) => key !== HASH_ANNOTATION);
  const identity = { name, ...(namespace === undefined ? {} : { namespace }) };
  return {
    ...selected,
    apiVersion,
    kind,
    metadata: { ...rest, ...identity, ...(shown.length > 0 ? { annotations: Object.fromEntries(shown) } : {}) },
  };
}

function selectValue(value: unknown, node: FieldsV1): unknown {
  if (Object.keys(node).length === 0) return value;
  if (Array.isArray(value)) return selectItems(value, node);
  if (!isJsonObject(value)) return value;
  const selected: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const child = node[`f:${key}`];
    if (child) selected[key] = selectValue(item, child);
  }
  return selected;
}

function selectItems(items: readonly unknown[], node: FieldsV1): unknown[] {
  const matches = matchItems(items, node);
  return items.flatMap((item, index) => {
    const element = matches.get(index);
    return element === undefined ? [] : [selectValue(item, node[element] ?? {})];
  });
}
