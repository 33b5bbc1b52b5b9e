import type { Rule, Source } from '../../../api/security/authorization-policy.ts';
import type { Findings } from '../findings.ts';

/** What an external authorizer cannot be asked by. */
const SOURCES: readonly (keyof Source)[] = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
];
const KEYS: ReadonlySet<string> = new Set([
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.principal',
]);
const HINT = 'cannot be used with the action CUSTOM, which is decided before callers and tokens are verified';

/** Records what a rule of the action CUSTOM cannot look at. */
export function checkCustomRule({ from = [], when = [] }: Rule, path: string, findings: Findings): void {
  from.forEach(({ source }, i) => {
    for (const field of SOURCES) {
      if (source?.[field] === undefined) continue;
      findings.error(`${path}.from[${i}].source.${field}`, 'CustomUnsupported', HINT);
    }
  });
  when.forEach(({ key = '' }, i) => {
    if (!KEYS.has(key) && !key.startsWith('request.auth.')) return;
    findings.error(`${path}.when[${i}].key`, 'CustomUnsupported', `${key} ${HINT}`);
  });
}
