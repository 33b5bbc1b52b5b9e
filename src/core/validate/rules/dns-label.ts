import type { Fault } from '../findings.ts';

const MAX_LENGTH = 63;
const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*-?)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

/** Whether a text is one label of a DNS name. Upper case is taken, as Istio takes it. */
export function isDnsLabel(text: string): boolean {
  return text.length <= MAX_LENGTH && LABEL.test(text);
}

/** As {@link isDnsLabel}; a leading `*` or `*-`, or `*` alone, is taken as well. */
export function isWildcardDnsLabel(text: string): boolean {
  return text.length <= MAX_LENGTH && WILDCARD_LABEL.test(text);
}

/** A name that must be one label: letters, digits and `-`. */
export function findDnsLabelFault(text: string, what = 'name'): Fault | undefined {
  if (isDnsLabel(text)) return undefined;
  const value = JSON.stringify(text);
  return {
    code: 'DnsLabelInvalid',
    message: `${value} is not a valid ${what}: use 1 to 63 letters, digits or -, and a letter or digit at both ends`,
  };
}
