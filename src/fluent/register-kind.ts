import {
  modelToGroupVersionKind,
  RegisterKind,
  type GenericClass,
  type GroupVersionKind,
} from 'kubernetes-fluent-client';

/**
 * Makes a class known to `K8s(...)`. The client finds kinds by the name of their class, of which it takes each once:
 * ours carry group and version in theirs, so that a Gateway of somebody else's has its place beside them.
 */
export function registerKind(model: GenericClass, kind: Required<GroupVersionKind>): void {
  const name = `${kind.group}/${kind.version}/${kind.kind}`;
  Object.defineProperty(model, 'name', { value: name });
  // This module may be loaded twice, as source and from a package.
  if ((modelToGroupVersionKind(name) as GroupVersionKind | undefined) === undefined) RegisterKind(model, kind);
}
