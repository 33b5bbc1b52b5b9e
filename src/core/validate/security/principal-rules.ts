import type { Fault } from '../findings.ts';
import { byteLength } from '../rules/byte-length.ts';
import { findCidrFault, findIpAddressFault } from '../rules/ip.ts';
import { parseGoUint } from '../rules/strconv.ts';

const MAX_SERVICE_ACCOUNTS = 16;
const MAX_SERVICE_ACCOUNT = 320;
const MAX_PORT = 65_535;

/** A value of a list in a policy must say something. */
export function findEmptyValueFault(value: string): Fault | undefined {
  return value === '' ? { code: 'ValueEmpty', message: 'must not be empty: use * for "any"' } : undefined;
}

/** An address, or a range of them when there is a `/`. */
export function findIpBlockFault(value: string): Fault | undefined {
  return value.includes('/') ? findCidrFault(value) : findIpAddressFault(value);
}

/** A port as text; policies take 0 as well. */
export function findPortTextFault(value: string): Fault | undefined {
  const port = parseGoUint(value, 32);
  if (port !== undefined && port <= MAX_PORT) return undefined;
  return { code: 'PortOutOfRange', message: `${JSON.stringify(value)} is not a port from 0 to ${MAX_PORT}` };
}

/** `name` or `namespace/name`, taken literally. */
export function findServiceAccountFault(value: string): Fault | undefined {
  const parts = value.split('/');
  const cause = value.includes('*')
    ? 'is taken literally and knows no *'
    : parts.length > 2 || parts.includes('')
      ? 'must have the form name or namespace/name'
      : byteLength(value) > MAX_SERVICE_ACCOUNT
        ? `is longer than ${MAX_SERVICE_ACCOUNT} bytes`
        : undefined;
  return cause === undefined
    ? undefined
    : { code: 'ServiceAccountInvalid', message: `${JSON.stringify(value)} ${cause}` };
}

/** So many service accounts fit in one list. */
export function findServiceAccountCountFault(values: readonly string[]): Fault | undefined {
  if (values.length <= MAX_SERVICE_ACCOUNTS) return undefined;
  const message = `has ${values.length} service accounts; at most ${MAX_SERVICE_ACCOUNTS} are allowed: split the rule`;
  return { code: 'ServiceAccountsTooMany', message };
}

/** Text in which one `*` may stand at either end. */
export function findWildcardTextFault(value: string): Fault | undefined {
  if (value === '') return findEmptyValueFault(value);
  const stars = value.split('*').length - 1;
  if (stars === 0 || (stars === 1 && (value.startsWith('*') || value.endsWith('*')))) return undefined;
  const message = `${JSON.stringify(value)}: one * is allowed, at the start or at the end`;
  return { code: 'WildcardMisplaced', message };
}

/** A trust domain such as `cluster.local`. */
export function findTrustDomainPatternFault(value: string): Fault | undefined {
  const misplaced = findWildcardTextFault(value);
  if (misplaced || !value.includes('/')) return misplaced;
  return { code: 'TrustDomainInvalid', message: `${JSON.stringify(value)} must be a domain only, without /` };
}
