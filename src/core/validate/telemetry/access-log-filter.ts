import { parse } from '@bufbuild/cel';
import { errorLine } from '../../error-text.ts';
import type { Fault } from '../findings.ts';

// As deep as a person writes; more would only exhaust the stack of the parser.
const MAX_DEPTH = 250;
const MAX_LENGTH = 64 * 1024;

/** A CEL expression that chooses requests to log. Parsed only, as Istio does: names and types are Envoy's affair. */
export function findFilterFault(expression: string): Fault | undefined {
  const cause = findCause(expression);
  if (cause === undefined) return undefined;
  const message = `is not a CEL expression, such as response.code >= 400: ${cause}`;
  return { code: 'CelInvalid', message };
}

function findCause(expression: string): string | undefined {
  if (expression.trim() === '') return 'it is empty';
  if (expression.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (computeBracketDepth(expression) > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
  try {
    parse(expression);
    return undefined;
  } catch (error) {
    const line = errorLine(error);
    return line;
  }
}

/** Upper bound of how deep brackets and signs are nested. */
export function computeBracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let signs = 0;
  for (const char of text) {
    signs = char === '!' || char === '-' || char === '?' ? signs + 1 : signs;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    deepest = Math.max(deepest, depth + signs);
  }
  return deepest;
}
