import { INJECTOR, revisionIn } from '../inject/control-plane-objects.ts';
import { displayName, type KubeObject } from '../kube-object.ts';
import { entriesOf, INJECTOR_KIND, WEBHOOK_KINDS } from '../webhook-configuration.ts';
import type { DesiredObject } from './desired.ts';
import type { AdoptStep, Plan } from './plan-objects.ts';

/** What decides whether webhooks of another installer can become ours. */
export interface WebhookTakeover {
  plan: Pick<Plan, 'create' | 'adopt' | 'apply' | 'unchanged'>;
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
 * sidecar, or not at all, while nobody answers. And as long what their former server reads.
 */
export function findEarlyWebhooks(takeover: WebhookTakeover): Map<string, string> {
  const early = new Map<string, string>();
  const { adopt } = takeover.plan;
  for (const { desired } of adopt.filter((step) => isWebhook(step.desired))) {
    const awaited = findUnready(desired, takeover) ?? findUnproven(desired, takeover);
    if (awaited !== undefined)
      early.set(desired.key, `${displayName(desired.ref)} leads to its former server until ${awaited}`);
  }
  const isHeld = adopt.some((step) => isInjector(step.desired) && early.has(step.desired.key));
  for (const { desired } of isHeld ? adopt.filter(isReadByInjector) : [])
    early.set(desired.key, `${displayName(desired.ref)} stays as its former server reads it until webhooks change`);
  return early;
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
  const former = desired.find(({ ref, phase }) => ref.kind === 'Deployment' && phase === webhook.phase);
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
  if (validators.length === 0 || findProvenBundle(takeover) !== undefined) return undefined;
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

/** The bundle (base64 of PEM) by which the API server was seen to trust this operator. */
export function findProvenBundle(takeover: Omit<WebhookTakeover, 'isReady'>): string | undefined {
  const proven = listValidators(takeover).filter(({ object }) => takeover.isProven?.(object));
  return proven
    .flatMap(({ key }) => takeover.live.get(key) ?? [])
    .flatMap(entriesOf)
    .flatMap(({ clientConfig }) => clientConfig.caBundle ?? [])
    .at(0);
}
