import type { Problem } from '../problem.ts';

/** A field that is not as it has to be. */
export function fault(path: string, message: string, hint?: string): Problem {
  return { path, code: 'DecodingFailed', message, ...(hint ? { hint } : {}) };
}
