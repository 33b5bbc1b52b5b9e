import type { Fault } from '../findings.ts';

const ONE = '{*}';
const ANY = '{**}';
/** What a segment of a path may hold (RFC 3986), as far as Istio takes it. */
const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** A path of a request, in which `{*}` stands for a segment, and `{**}`, as the last operator, for any number. */
export function findPathTemplateFault(path: string): Fault | undefined {
  const isTemplate = path.includes(ONE) || path.includes(ANY);
  if (!isTemplate && !/[{}]/.test(path)) return undefined;
  const cause = findCause(path, isTemplate);
  return cause === undefined ? undefined : { code: 'PathTemplateInvalid', message: `${JSON.stringify(path)} ${cause}` };
}

function findCause(path: string, isTemplate: boolean): string | undefined {
  let hasAny = false;
  for (const segment of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === ONE || segment === ANY) {
      if (hasAny) return 'has an operator after {**}, which must be the last';
      hasAny = segment === ANY;
    } else if (/[{}]/.test(segment)) {
      return 'has a brace that is not part of {*} or {**}, each of which must be a whole segment';
    } else if (isTemplate && !LITERAL.test(segment)) {
      return `is a template, where the segment ${JSON.stringify(segment)} is not allowed`;
    }
  }
  return undefined;
}
