import { setTimeout as sleep } from 'node:timers/promises';
import { HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { displayName, refOf, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { hidingSteps } from '../../core/plan/hidden-webhooks.ts';
import { isWorkload } from '../../core/status/workload-health.ts';
import { WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Patience } from './await-resource.ts';
import { awaitWorkload } from './await-workload.ts';

const SETTLE_MS = 2000;

/** What istiod is given to answer webhooks by itself. */
export interface ToIstiod {
  /** As they are to be, in any order. */
  objects: readonly KubeObject[];
  /** What goes when this is done: webhooks among it answer until then. */
  outgoing?: readonly ObjectRef[];
  write: (object: KubeObject) => Promise<unknown>;
}

/**
 * First what istiod reads and may do, then what runs, while the operator answers webhooks; they lead to istiod once it is
 * ready, so that nobody asks one that restarts. Until then they are hidden from it: it writes its certificate into those
 * that it knows. Webhooks that are not there come before those that are: what comes back may inject in the place of one
 * that goes.
 * @returns why it is not done; undefined when it is
 * @throws ApiError
 */
export async function handToIstiod(
  api: KubeApi,
  { objects, outgoing = [], write }: ToIstiod,
  patience: Patience,
): Promise<string | undefined> {
  for (const object of objects.filter((one) => !isWebhook(one) && !isWorkload(one))) await write(object);
  for (const ref of [...objects.map(refOf), ...outgoing].filter(isWebhook)) await hide(api, ref);
  for (const object of objects.filter(isWorkload)) await write(object);
  for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
    if (!(await awaitWorkload(api, object, patience)))
      return `${displayName(refOf(object))} is not ready; the operator answers webhooks as before, so see what keeps it. Run this again`;
  }
  // One that did not restart watches its templates, and tells nobody that it has read them.
  await sleep(SETTLE_MS);
  const webhooks = await Promise.all(
    objects
      .filter(isWebhook)
      .map(async (object) => ({ object, isThere: (await api.get(refOf(object))) !== undefined })),
  );
  for (const { object } of webhooks.sort((a, b) => Number(a.isThere) - Number(b.isThere))) await write(object);
  return undefined;
}

function isWebhook({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return WEBHOOK_KINDS.some((one) => one === kind);
}

async function hide(api: KubeApi, ref: ObjectRef): Promise<void> {
  const live = await api.get(ref);
  const steps = live ? hidingSteps(live) : [];
  if (steps.length > 0) await api.patch(ref, steps, { type: 'json', fieldManager: HAND_OVER_MANAGER });
}
