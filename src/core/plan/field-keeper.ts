import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { managedFieldsOf } from './field-ownership.ts';

/** Writers of what stands in Git that write it again, by the names of their field managers. */
const KEEPERS = /^(argocd|kustomize-controller|helm-controller|helm|Helm|fleet|rancher|configsync|cnrm)/;

/** The tool that would put a field back, given by its path such as `['spec', 'suspend']`; undefined where none would. */
export function findKeeper(resource: KubeObject, path: readonly string[]): string | undefined {
  return managedFieldsOf(resource).find(({ manager, fieldsV1 }) => KEEPERS.test(manager) && hasField(fieldsV1, path))
    ?.manager;
}

function hasField(fields: unknown, path: readonly string[]): boolean {
  let at: unknown = fields;
  for (const name of path) at = isJsonObject(at) ? at[`f:${name}`] : undefined;
  return at !== undefined;
}
