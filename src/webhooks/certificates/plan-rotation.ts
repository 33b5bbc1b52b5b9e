/** A serving certificate together with the CA that signed it; they live and go together. */
export interface CertificateFacts {
  /** Milliseconds since the epoch. */
  notBefore: number;
  notAfter: number;
  /** DNS names and IP addresses that it serves. */
  names: readonly string[];
}

/** What the Secret holds, as far as time matters. What cannot be read or does not fit together is absent. */
export interface RotationState {
  current?: CertificateFacts;
  /** Made, trusted beside the current one, and not served with yet. */
  next?: CertificateFacts & { preparedAt: number };
  /** CAs that are trusted though nobody serves with them any more. */
  retiring?: { since: number };
}

export interface RotationPolicy {
  lifetimeMs: number;
  /** How long before its end a certificate is replaced. */
  renewBeforeMs: number;
  /** How long every API server gets to learn of a changed CA bundle. */
  settleMs: number;
}

export const DEFAULT_ROTATION: RotationPolicy = {
  lifetimeMs: 90 * 24 * 3_600_000,
  renewBeforeMs: 30 * 24 * 3_600_000,
  settleMs: 5 * 60_000,
};

/** What the world looks like at the moment. */
export interface RotationInput {
  state: RotationState;
  now: number;
  /** Names under which the API server calls. */
  wantedNames: readonly string[];
  /** Whether every webhook configuration trusts all CAs of the Secret already. */
  isBundleWritten: boolean;
  policy: RotationPolicy;
}

/**
 * `issue`: nothing usable is there, make a pair and serve with it. `prepare`: make the next pair, only trust it.
 * `promote`: serve with the next pair. `retire`: trust the former CA no more. `wait`: nothing to do before `until`.
 */
export type RotationStep =
  | { action: 'issue' | 'prepare'; reason: string }
  | { action: 'promote' | 'retire'; reason: string }
  | { action: 'wait'; until: number };

/** Of two passes, the later one sees what the earlier one wrote: each step leads to the next, and then to `wait`. */
export function planRotation(input: RotationInput): RotationStep {
  const { state, now } = input;
  const current = usable(state.current, now);
  const next = usable(state.next, now);
  if (!current) {
    if (next) return { action: 'promote', reason: 'the serving certificate is missing or has ended' };
    return { action: 'issue', reason: state.current ? 'the serving certificate has ended' : 'there is none' };
  }
  if (next) return planNext(input, current, next);
  const reason = findReasonToRenew(input, current);
  if (reason !== undefined) return { action: 'prepare', reason };
  const { retiring } = state;
  const { renewBeforeMs, settleMs } = input.policy;
  const renewAt = current.notAfter - renewBeforeMs;
  if (!retiring) return { action: 'wait', until: renewAt };
  const retireAt = retiring.since + settleMs;
  if (now >= retireAt) return { action: 'retire', reason: 'nobody serves with the former CA any more' };
  return { action: 'wait', until: Math.min(retireAt, renewAt) };
}

function usable<T extends CertificateFacts>(facts: T | undefined, now: number): T | undefined {
  return facts && now < facts.notAfter ? facts : undefined;
}

function findReasonToRenew({ wantedNames, now, policy }: RotationInput, current: CertificateFacts): string | undefined {
  const missing = wantedNames.filter((name) => !current.names.includes(name));
  if (missing.length > 0) return `the certificate does not name ${missing.join(', ')}`;
  if (now >= current.notAfter - policy.renewBeforeMs) return 'the certificate ends soon';
  return undefined;
}

function planNext(
  { now, isBundleWritten, policy }: RotationInput,
  current: CertificateFacts,
  next: CertificateFacts & { preparedAt: number },
): RotationStep {
  // Trusted or not: a certificate that ends is of no use to anybody.
  const lastCall = current.notAfter - policy.settleMs;
  if (now >= lastCall) return { action: 'promote', reason: 'the serving certificate is about to end' };
  const settled = next.preparedAt + policy.settleMs;
  if (isBundleWritten && now >= settled) return { action: 'promote', reason: 'every API server trusts the next CA' };
  return { action: 'wait', until: Math.min(now >= settled ? now + policy.settleMs : settled, lastCall) };
}
