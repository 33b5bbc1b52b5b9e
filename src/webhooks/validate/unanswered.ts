import { errorText } from '../../core/error-text.ts';
import { TooManyQuestions } from './rights-inquiry.ts';
import type { CheckAnswer } from './istio-operator-change.ts';

/** A check that asks the API server and got no answer lets nothing pass, and says so. */
export function denyUnanswered(error: unknown): CheckAnswer {
  const cause = errorText(error);
  if (error instanceof TooManyQuestions) {
    const message = `the change asks for too much at once: ${cause}; split it, or let somebody apply it who may escalate and bind roles`;
    return { denial: { verdict: 'TooManyRights', message, code: 403, reason: 'Forbidden' } };
  }
  const message = `the API server did not say whether this may be applied, so nothing was stored; try again (${cause})`;
  return { denial: { verdict: 'RightsUnknown', message, code: 503, reason: 'ServiceUnavailable' } };
}
