import type { CorsPolicy } from '../../../../api/networking/cors-policy.ts';
import type { StringMatch } from '../../../../api/networking/string-match.ts';
import type { Findings } from '../../findings.ts';
import { findDurationFault } from '../../rules/duration.ts';
import { findCorsHeaderNameFault } from '../../rules/http-header.ts';
import { findRegexSyntaxFault } from '../../rules/regex.ts';

const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  '*',
]);

/** Records what is wrong with what scripts of other origins may call. */
export function checkCorsPolicy(policy: CorsPolicy | undefined, path: string, findings: Findings): void {
  if (!policy) return;
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, maxAge } = policy;
  allowOrigins?.forEach((origin, i) => checkOrigin(origin, `${path}.allowOrigins[${i}]`, findings));
  allowMethods?.forEach((method, i) => {
    if (METHODS.has(method)) return;
    const message = `${JSON.stringify(method)} is not a method: use one of ${[...METHODS].join(', ')}`;
    findings.error(`${path}.allowMethods[${i}]`, 'MethodUnknown', message);
  });
  allowHeaders?.forEach((name, i) => findings.check(`${path}.allowHeaders[${i}]`, findCorsHeaderNameFault(name)));
  exposeHeaders?.forEach((name, i) => findings.check(`${path}.exposeHeaders[${i}]`, findCorsHeaderNameFault(name)));
  if (!maxAge) return;
  findings.check(`${path}.maxAge`, findDurationFault(maxAge));
  if (maxAge.nanos > 0) findings.error(`${path}.maxAge`, 'DurationTooFine', 'must be whole seconds');
}

function checkOrigin(origin: StringMatch, path: string, findings: Findings): void {
  const { exact, prefix, regex } = origin;
  if ((exact ?? prefix ?? regex ?? '') === '') {
    findings.error(path, 'OriginEmpty', 'must match something: give exact, prefix or regex');
  } else if (regex !== undefined) findings.check(`${path}.regex`, findRegexSyntaxFault(regex));
}
