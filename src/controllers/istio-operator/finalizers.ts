import { FIELD_MANAGER, FINALIZER } from '../../api/our-names.ts';
import { FORMER_FINALIZER } from '../../api/install/conditions.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Scope } from './dependencies.ts';

export function finalizersOf(resource: KubeObject): string[] {
  const { finalizers } = resource.metadata as { finalizers?: unknown };
  return Array.isArray(finalizers) ? finalizers.map(String) : [];
}

/** Whether a deletion waits for us: what is not held goes and leaves everything behind. */
export function isHeld(resource: KubeObject): boolean {
  return finalizersOf(resource).some((name) => name === FINALIZER || name === FORMER_FINALIZER);
}

/** Makes sure that the resource cannot vanish before what it installed. */
export async function ensureFinalizer(scope: Scope): Promise<void> {
  const present = finalizersOf(scope.resource);
  if (!present.includes(FINALIZER)) await patchFinalizers(scope, [...present, FINALIZER]);
}

/** The finalizer of Istio's former operator goes last: until all is ours, its own way back is open. */
export async function dropFormerFinalizer(scope: Scope): Promise<void> {
  const present = finalizersOf(scope.resource);
  if (!present.includes(FORMER_FINALIZER)) return;
  await patchFinalizers(
    scope,
    present.filter((name) => name !== FORMER_FINALIZER),
  );
}

/** Lets the resource go. */
export async function removeFinalizers(scope: Scope): Promise<void> {
  const kept = finalizersOf(scope.resource).filter((name) => name !== FINALIZER && name !== FORMER_FINALIZER);
  try {
    await patchFinalizers(scope, kept);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Guarded by the UID only: the list was read at the start of this pass, and a status write moves the version. */
async function patchFinalizers(scope: Scope, finalizers: string[]): Promise<void> {
  const before = finalizersOf(scope.resource);
  const patch = [
    { op: 'test', path: '/metadata/uid', value: scope.uid },
    ...(before.length > 0 ? [{ op: 'test', path: '/metadata/finalizers', value: before }] : []),
    { op: 'add', path: '/metadata/finalizers', value: finalizers },
  ];
  const options = { type: 'json', fieldManager: FIELD_MANAGER } as const;
  const { metadata } = await scope.deps.api.patch(refOf(scope.resource), patch, options);
  scope.resource = { ...scope.resource, metadata };
}
