import type { DenialReason } from './denial-reason.ts';
import { InjectionError, InjectionRefusal } from './template-context.ts';

/** A failure together with what kind it is. */
export class Denial extends Error {
  readonly reason: DenialReason;
  constructor(reason: DenialReason, message: string, cause: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** What a step makes. @throws Denial of that reason for an InjectionError */
export function denying<T>(reason: DenialReason, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof InjectionRefusal) throw new Denial('TemplateRefused', error.message, error);
    if (error instanceof InjectionError) throw new Denial(reason, error.message, error);
    throw error;
  }
}

export interface Denied {
  outcome: 'denied';
  reason: DenialReason;
  message: string;
}

/** The denial that was thrown. @throws whatever else it was */
export function deniedBy(error: unknown): Denied {
  if (error instanceof Denial) return { outcome: 'denied', reason: error.reason, message: error.message };
  throw error;
}
