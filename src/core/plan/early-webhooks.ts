import { INJECTOR, revisionIn } from '../inject/control-plane-objects.ts';
import { displayName, type KubeObject } from '../kube-object.ts';
import { INJECTOR_KIND, WEBHOOK_KINDS } from '../webhook-configuration.ts';
import type { DesiredObject } from './desired.ts';
import type { AdoptStep, Plan } from './plan-objects.ts';
import type { ReplacedTag } from './replaced-tags.ts';

/** What decides whether webhooks of another installer can become ours. */
export interface WebhookTakeover {
  plan: Pick<Plan, 'create' | 'adopt' | 'apply' | 'unchanged' | 'replaced'>;
  desired: readonly DesiredObject[];
  /** Whether a Deployment runs as it was applied last. */
  isReady: (live: KubeObject) => boolean;
  /** Whether the API server was seen to reach this operator by a configuration of ours; undefined where nobody looks. */
  isProven?: (configuration: KubeObject) => boolean;
  live: ReadonlyMap<string, KubeObject>;
}

/**
 * Objects of another installer that stay as they are for now, by key with the reason. Webhooks, until its control plane
 * is ours and ready: one of before writes its own certificate into them, which the operator does not have. Injectors
 * moreover until the webhook of validation has proven that the API server reaches this operator: pods go without a
 * sidecar, or not at all, while nobody answers. And what their former server reads, until none of them leads there.
 */
export function findEarlyWebhooks(takeover: WebhookTakeover): Map<string, string> {
  const early = new Map<string, string>();
  const { adopt } = takeover.plan;
  for (const { desired } of adopt.filter((step) => isWebhook(step.desired))) {
    const awaited = findUnready(desired, takeover) ?? findUnproven(desired, takeover);
    if (awaited !== undefined)
      early.set(desired.key, `${displayName(desired.ref)} leads to its former server until ${awaited}`);
  }
  for (const { desired } of isFormerAsked(takeover) ? adopt.filter(isReadByInjector) : [])
    early.set(desired.key, `${displayName(desired.ref)} stays as its former server reads it until webhooks change`);
  return early;
}

/** Whether the former server may still be asked for pods: an API server may be the last to know that it is another. */
function isFormerAsked({ plan, desired, isProven }: WebhookTakeover): boolean {
  if (plan.replaced.length > 0 || plan.adopt.some((step) => isInjector(step.desired))) return true;
  return isProven !== undefined && !desired.filter(isInjector).every(({ object }) => isProven(object));
}

/**
 * Injectors of another installer that may go: one of ours took their pods, and the API server reaches it. It hears of both
 * changes in their order.
 */
export function findReplaceable(takeover: WebhookTakeover): ReplacedTag[] {
  const { plan, desired, isProven } = takeover;
  const isOpen = new Set([...plan.create, ...plan.adopt.map((step) => step.desired)].map(({ key }) => key));
  return plan.replaced.filter(({ by }) => {
    const ours = desired.find(({ key }) => key === by);
    if (!ours || isOpen.has(by)) return false;
    return !isProven || isProven(ours.object) || isReached(takeover);
  });
}

function isWebhook({ ref }: DesiredObject): boolean {
  return WEBHOOK_KINDS.some((kind) => kind === ref.kind);
}

function isInjector({ ref }: DesiredObject): boolean {
  return ref.kind === INJECTOR_KIND.kind;
}

function isReadByInjector({ desired: { ref } }: AdoptStep): boolean {
  return ref.kind === 'ConfigMap' && revisionIn(ref.name, INJECTOR) !== undefined;
}

function findUnready(webhook: DesiredObject, { plan, desired, isReady, live }: WebhookTakeover): string | undefined {
  // What all revisions share comes before the control plane, and is answered by it.
  const former = desired.find(
    ({ ref, phase, component }) => ref.kind === 'Deployment' && (phase === webhook.phase || component === 'Pilot'),
  );
  const running = former && live.get(former.key);
  if (!former || !running) return undefined;
  const isTaken = plan.adopt.some((step) => step.desired === former);
  return isTaken || !isReady(running) ? `${displayName(former.ref)} is ready` : undefined;
}

/** Where no webhook of validation is or becomes ours, there is nothing to wait for. */
function findUnproven(webhook: DesiredObject, takeover: WebhookTakeover): string | undefined {
  const { isProven } = takeover;
  if (!isInjector(webhook) || !isProven) return undefined;
  const validators = listValidators(takeover);
  if (validators.length === 0 || isReached(takeover)) return undefined;
  const names = validators.map(({ ref }) => displayName(ref)).join(' or ');
  return `the API server is seen to reach this operator by ${names}`;
}

function listValidators({ plan, desired }: Pick<WebhookTakeover, 'plan' | 'desired'>): DesiredObject[] {
  const ours = new Set<DesiredObject>([
    ...plan.create,
    ...plan.unchanged,
    ...[...plan.adopt, ...plan.apply].map((step) => step.desired),
  ]);
  return desired.filter((one) => isWebhook(one) && !isInjector(one) && ours.has(one));
}

/** Whether the API server was seen to reach this operator by a webhook of validation. */
export function isReached(takeover: Pick<WebhookTakeover, 'plan' | 'desired' | 'isProven'>): boolean {
  return listValidators(takeover).some(({ object }) => takeover.isProven?.(object) === true);
}
