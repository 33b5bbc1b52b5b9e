import { INJECTOR, revisionIn } from '../inject/control-plane-objects.ts';
import { displayName, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { INJECTOR_KIND, WEBHOOK_KINDS } from '../webhook-configuration.ts';
import type { DesiredObject } from './desired.ts';
import { isHidden } from './hidden-webhooks.ts';
import type { AdoptStep, Plan } from './plan-objects.ts';
import type { ReplacedTag } from './replaced-tags.ts';

/** What decides in which order the control plane of another installer becomes ours. */
export interface Takeover {
  plan: Pick<Plan, 'create' | 'adopt' | 'apply' | 'unchanged' | 'replaced'>;
  desired: readonly DesiredObject[];
  live: ReadonlyMap<string, KubeObject>;
  /** Whether a Deployment runs as it was applied last. */
  isReady: (live: KubeObject) => boolean;
  /** What was seen of webhooks; undefined where nobody looks. */
  seen?: SeenWebhooks;
}

export interface SeenWebhooks {
  /** Whether the API server was seen to reach this operator, by whatever webhook. */
  isReached: boolean;
  /** Whether it was seen to ask this operator by a configuration of ours; undefined for one that leads elsewhere. */
  isAsked: (configuration: KubeObject) => boolean | undefined;
}

/**
 * What waits for something else before it becomes ours, by key with the reason. Webhooks come first, and the former
 * control plane restarts once nobody asks it any more: a call that it was asked when it ends has no answer. Injectors
 * moreover wait for a proof that the API server reaches this operator: pods go without a sidecar, or not at all, while
 * nobody answers. What their former server reads waits until none of them leads there. Webhooks that are hidden from a
 * former control plane show again when it is gone.
 */
export function findWaiting(takeover: Takeover): Map<string, string> {
  const waiting = new Map<string, string>();
  const { adopt, apply } = takeover.plan;
  const wait = (steps: readonly { desired: DesiredObject }[], why: string | undefined): void => {
    if (why === undefined) return;
    for (const { desired } of steps) waiting.set(desired.key, `${displayName(desired.ref)} ${why}`);
  };
  wait(adopt.filter(isInjectorStep), findUnreached(takeover));
  if (isFormerAsked(takeover))
    wait(adopt.filter(isReadByInjector), 'stays as its former server reads it until webhooks change');
  wait(adopt.filter(isControlPlane), findFormerWebhooks(takeover));
  for (const step of apply.filter(({ desired }) => isWebhook(desired) && isHidden(takeover.live.get(desired.key)))) {
    const former = findFormer(step.desired, takeover);
    wait([step], former && `is without its revision until ${displayName(former.ref)} is ready`);
  }
  return waiting;
}

/**
 * Whether a webhook that becomes ours has to be hidden from the control plane of before, which runs or still ends: it
 * writes its own certificate and policy into those that it knows.
 */
export function mustHide(webhook: DesiredObject, takeover: Takeover): boolean {
  return findFormer(webhook, takeover) !== undefined;
}

/**
 * Injectors of another installer that may go: one of ours took their pods, and the API server reaches it. It hears of both
 * changes in their order.
 */
export function findReplaceable({ plan, desired, seen }: Takeover): ReplacedTag[] {
  const isOpen = new Set([...plan.create, ...plan.adopt.map((step) => step.desired)].map(({ key }) => key));
  return plan.replaced.filter(({ by }) => {
    const ours = desired.find(({ key }) => key === by);
    if (!ours || isOpen.has(by)) return false;
    return !seen || seen.isReached || seen.isAsked(ours.object) === true;
  });
}

/** Whether the former server may still be asked for pods: an API server may be the last to know that it is another. */
function isFormerAsked({ plan, desired, seen }: Takeover): boolean {
  if (plan.replaced.length > 0 || plan.adopt.some(isInjectorStep)) return true;
  return desired.filter(isInjector).some(({ object }) => seen?.isAsked(object) === false);
}

export function isWebhook({ ref }: DesiredObject): boolean {
  return WEBHOOK_KINDS.some((kind) => kind === ref.kind);
}

function isInjector({ ref }: DesiredObject): boolean {
  return ref.kind === INJECTOR_KIND.kind;
}

function isInjectorStep({ desired }: AdoptStep): boolean {
  return isInjector(desired);
}

function isReadByInjector({ desired: { ref } }: AdoptStep): boolean {
  return ref.kind === 'ConfigMap' && revisionIn(ref.name, INJECTOR) !== undefined;
}

function isControlPlane({ desired: { ref, component } }: AdoptStep): boolean {
  return ref.kind === 'Deployment' && component === 'Pilot';
}

/** The Deployment of which pods may run that knew the webhook before. */
function findFormer(webhook: DesiredObject, { plan, desired, isReady, live }: Takeover): DesiredObject | undefined {
  // What all revisions share comes before the control plane, and is answered by it.
  const former = desired.find(
    ({ ref, phase, component }) => ref.kind === 'Deployment' && (phase === webhook.phase || component === 'Pilot'),
  );
  const running = former && live.get(former.key);
  if (!former || !running) return undefined;
  const isTaken = plan.adopt.some((step) => step.desired === former);
  return isTaken || !isReady(running) ? former : undefined;
}

/** Where no webhook of validation is or becomes ours, there is nothing to wait for. */
function findUnreached({ plan, desired, seen }: Takeover): string | undefined {
  if (!seen || seen.isReached) return undefined;
  const ours = listOurs(plan);
  const validators = desired.filter((one) => isWebhook(one) && !isInjector(one) && ours.has(one));
  if (validators.length === 0) return undefined;
  const names = validators.map(({ ref }) => displayName(ref)).join(' or ');
  return `leads to its former server until the API server is seen to reach this operator by ${names}`;
}

function findFormerWebhooks({ plan, desired, seen }: Takeover): string | undefined {
  const ours = listOurs(plan);
  const taken = new Set(plan.adopt.map((step) => step.desired));
  const open = desired.filter(
    (one) => isWebhook(one) && ours.has(one) && (taken.has(one) || seen?.isAsked(one.object) === false),
  );
  const names = [...plan.replaced, ...open].map(({ ref }) => displayName(ref));
  return names.length === 0
    ? undefined
    : `stays as it is until this operator is asked in its place: ${listSome(names)}`;
}

/** What is ours or becomes so by this plan. */
function listOurs({ create, unchanged, adopt, apply }: Takeover['plan']): ReadonlySet<DesiredObject> {
  return new Set([...create, ...unchanged, ...[...adopt, ...apply].map((step) => step.desired)]);
}
