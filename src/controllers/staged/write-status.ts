import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isSame } from '../../core/plan/desired.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/** Writes the status when it differs from what is stored. Rejects when the resource has changed since it was read. */
export async function writeStatus(
  api: Pick<KubeApi, 'replace'>,
  resource: KubeObject,
  { status, fieldManager }: { status: StagedStatus; fieldManager: string },
): Promise<void> {
  if (isSame(resource['status'] ?? {}, status)) return;
  // By the version that was read: what is remembered decides about the next act, and no two leaders may remember
  // different things.
  await api.replace({ ...resource, status }, { fieldManager, subresource: 'status' });
}
