import { STATUS_MANAGER } from '../../api/our-names.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { refOf } from '../../core/kube-object.ts';
import { isSame } from '../../core/plan/desired.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { Scope } from './dependencies.ts';

/** Writes the status when it differs from what is there, and remembers it in the scope. */
export async function writeStatus(scope: Scope, status: IstioOperatorStatus): Promise<void> {
  if (isSame(scope.status, status)) return;
  // The whole status is ours: replacing it leaves nothing of a former writer behind. The UID guards against a new
  // resource of the same name.
  const patch = [
    { op: 'test', path: '/metadata/uid', value: scope.uid },
    { op: 'add', path: '/status', value: status },
  ];
  const options = { type: 'json', fieldManager: STATUS_MANAGER, subresource: 'status' } as const;
  try {
    await scope.deps.api.patch(refOf(scope.resource), patch, options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  scope.status = status;
}

/** When a condition changes now. */
export function timestamp(scope: Scope): string {
  return displayTime(scope.deps.now());
}

/** RFC 3339 to the second. */
export function displayTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
