import type { ConditionReason, WebhookConditionType } from '../../api/install/conditions.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import { boundText } from './bound-text.ts';

/** What is known of one webhook configuration that calls this operator. */
export interface WebhookProof {
  kind: string;
  name: string;
  /** The API server was seen to be refused by the webhook at the last try. */
  isProven: boolean;
  /** The API server refuses requests while the webhook does not answer. */
  isEnforced: boolean;
  /** Why it is not proven. */
  message: string;
  /** Who undoes what the operator writes to it, in sentences. */
  contested?: string;
}

/** A configuration that calls this operator; `proof` is absent until the first try of this leader has ended. */
export interface ObservedWebhook {
  kind: string;
  name: string;
  proof?: WebhookProof;
}

const MAX_MESSAGE = 4096;
const CONDITIONS = [
  { type: 'InjectionEnforced', kind: 'MutatingWebhookConfiguration', what: 'pods' },
  { type: 'ValidationEnforced', kind: 'ValidatingWebhookConfiguration', what: 'configurations' },
] as const;

/** One condition for injection and one for validation, each left out where nothing of it is installed. */
export function computeWebhookConditions(
  webhooks: readonly ObservedWebhook[],
  previous: readonly StatusCondition[],
  at: { generation: number; now: string },
): StatusCondition[] {
  return CONDITIONS.flatMap(({ type, kind, what }) => {
    const concerned = webhooks.filter((webhook) => webhook.kind === kind);
    if (concerned.length === 0) return [];
    const before = previous.find((condition) => condition.type === type);
    // A new leader has not tried yet: what its predecessor saw stands until then.
    if (before && concerned.some(({ proof }) => !proof)) return [before];
    const { status, reason, message } = judge(concerned.map(proofOf), what);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : at.now;
    const observedGeneration = at.generation;
    return [
      { type: type satisfies WebhookConditionType, status, reason, message, observedGeneration, lastTransitionTime },
    ];
  });
}

function proofOf({ kind, name, proof }: ObservedWebhook): WebhookProof {
  return proof ?? { kind, name, isProven: false, isEnforced: false, message: 'not tried yet' };
}

function judge(
  proofs: readonly WebhookProof[],
  what: string,
): Pick<StatusCondition, 'status' | 'message'> & { reason: ConditionReason } {
  const contested = proofs.flatMap(({ contested: text }) => text ?? []);
  if (contested.length > 0) {
    return { status: 'False', reason: 'FieldsContested', message: boundText(contested.join('; '), MAX_MESSAGE) };
  }
  const silent = proofs.filter(({ isProven }) => !isProven);
  if (silent.length > 0) {
    const consequence = (proof: WebhookProof): string =>
      proof.isEnforced ? `${what} are refused until it answers` : `${what} pass without it`;
    const message = silent.map((proof) => `${proof.name}: ${proof.message}; ${consequence(proof)}`).join('; ');
    return { status: 'False', reason: 'WebhookNotProven', message: boundText(message, MAX_MESSAGE) };
  }
  const open = proofs.filter(({ isEnforced }) => !isEnforced).map(({ name }) => name);
  if (open.length > 0) {
    const message = `${open.join(', ')}: answers, but failurePolicy Ignore was chosen: ${what} pass while it does not`;
    return { status: 'False', reason: 'WebhookOptional', message: boundText(message, MAX_MESSAGE) };
  }
  return { status: 'True', reason: 'WebhookProven', message: '' };
}
