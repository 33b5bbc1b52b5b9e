import { ROLLOUT_MANAGER } from '../../api/our-names.ts';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { isSame } from '../../core/plan/desired.ts';
import type { RolloutPass } from './rollout-pass.ts';

/** Writes the status when it differs from what is stored. Rejects when the resource has changed since it was read. */
export async function writeRolloutStatus(
  { deps, rollout, status }: Pick<RolloutPass, 'deps' | 'rollout' | 'status'>,
  next: ProxyRolloutStatus,
): Promise<void> {
  if (isSame(status, next)) return;
  // By the version that was read: what is remembered decides about the next act, and no two leaders may remember
  // different things.
  await deps.api.replace({ ...rollout, status: next }, { fieldManager: ROLLOUT_MANAGER, subresource: 'status' });
}
