import { displayName, type KubeObject } from '../kube-object.ts';
import { WEBHOOK_KINDS } from '../webhook-configuration.ts';
import type { DesiredObject } from './desired.ts';
import type { AdoptStep } from './plan-objects.ts';

/** What decides whether webhooks of another installer can become ours. */
export interface WebhookTakeover {
  adopt: readonly AdoptStep[];
  desired: readonly DesiredObject[];
  /** Whether a Deployment runs as it was applied last. */
  isReady: (live: KubeObject) => boolean;
  live: ReadonlyMap<string, KubeObject>;
}

/**
 * Webhooks of another installer that stay as they are for now, by key with the reason: until its control plane is ours
 * and ready, one of before writes its own certificate into them, which the operator does not have.
 */
export function findEarlyWebhooks({ adopt, desired, isReady, live }: WebhookTakeover): Map<string, string> {
  const taken = new Set(adopt.map((step) => step.desired));
  const early = new Map<string, string>();
  for (const { desired: webhook } of adopt) {
    if (!WEBHOOK_KINDS.some((kind) => kind === webhook.ref.kind)) continue;
    const former = desired.find(({ ref, phase }) => ref.kind === 'Deployment' && phase === webhook.phase);
    const running = former && live.get(former.key);
    if (!former || !running || (!taken.has(former) && isReady(running))) continue;
    early.set(
      webhook.key,
      `${displayName(webhook.ref)} leads to its former server until ${displayName(former.ref)} is ready`,
    );
  }
  return early;
}
