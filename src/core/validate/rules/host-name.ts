import type { ValidationTraits } from '../../istio/traits.ts';
import type { Fault } from '../findings.ts';
import { byteLength } from './byte-length.ts';
import { isDnsLabel, isWildcardDnsLabel } from './dns-label.ts';
import { isIpAddress } from './ip.ts';
import { parseGoInt } from './strconv.ts';

const MAX_LENGTH = 255;

/** A fully qualified or short DNS name without wildcards. A dot at the end is taken. */
export function findFqdnFault(text: string): Fault | undefined {
  return findLengthFault(text) ?? findLabelsFault(text, text);
}

/** A DNS name whose first label may be `*`, or start with it. */
export function findWildcardDomainFault(text: string): Fault | undefined {
  const tooLong = findLengthFault(text);
  if (tooLong) return tooLong;
  const dot = text.indexOf('.');
  const first = dot < 0 ? text : text.slice(0, dot);
  if (!isWildcardDnsLabel(first)) return labelFault(text, first);
  return dot < 0 ? undefined : findLabelsFault(text.slice(dot + 1), text);
}

/** Whether `*` stands for a part of a label: `*foo.com`, but not `*` or `*.foo.com`. */
export function isPartialWildcard(text: string): boolean {
  return text.includes('*') && text.length !== 1 && !text.startsWith('*.');
}

/** A server name of a TLS match: a wildcard domain, or `outbound_.PORT_._.HOST` as Istio's own gateways make it. */
export function findSniHostFault(text: string): Fault | undefined {
  if (!text.startsWith('outbound_')) return findWildcardDomainFault(text);
  const tooLong = findLengthFault(text);
  if (tooLong) return tooLong;
  const [, port = '', , host = ''] = text.split('_');
  const isWellFormed = text.split('_').length >= 4 && /[0-9]/.test(port) && /[a-zA-Z]/.test(host);
  if (isWellFormed) return undefined;
  const value = JSON.stringify(text);
  return {
    code: 'HostInvalid',
    message: `${value} must have the form outbound_.PORT_._.HOST, or not start with outbound_`,
  };
}

/** Faults of `namespace/host` in the egress hosts of a Sidecar. */
export function findSidecarHostFaults(text: string, { excludesEgressNamespaces }: ValidationTraits): Fault[] {
  const slash = text.indexOf('/');
  if (slash < 0) {
    const message = `${JSON.stringify(text)} must have the form namespace/host, such as ./* or prod/reviews.prod.svc.cluster.local`;
    return [{ code: 'HostNamespaceMissing', message }];
  }
  const [namespace, host] = [text.slice(0, slash), text.slice(slash + 1)];
  const faults = findEmptyPartFaults(namespace, host, text);
  const isExcluded = excludesEgressNamespaces ? namespace.startsWith('~') : namespace === '~';
  const meant = isExcluded ? namespace.slice(1) : namespace;
  if (meant !== '' && meant !== '*' && meant !== '.' && !isDnsLabel(meant))
    faults.push(namespaceFault(namespace, '*, ., ~'));
  return [...faults, ...findHostPartFaults(host, false)];
}

/** Faults of a host of a Gateway's server: `host` or `namespace/host`. */
export function findGatewayHostFaults(text: string, { isFromGatewayApi = false } = {}): Fault[] {
  const slash = text.indexOf('/');
  if (slash < 0) return findHostPartFaults(text, true);
  const [namespace, host] = [text.slice(0, slash), text.slice(slash + 1)];
  const faults = findEmptyPartFaults(namespace, host, text);
  const isSpecial = namespace === '*' || namespace === '.' || (namespace === '~' && isFromGatewayApi);
  if (!isSpecial && !isDnsLabel(namespace)) faults.push(namespaceFault(namespace, '*, .'));
  return [...faults, ...findHostPartFaults(host, true)];
}

function findHostPartFaults(host: string, isGateway: boolean): Fault[] {
  const faults: Fault[] = [];
  const value = JSON.stringify(host);
  if (host !== '*' && !host.includes('.')) {
    const message = `${value} is a short name: write the whole name, such as reviews.prod.svc.cluster.local`;
    faults.push({ code: 'HostShortName', message });
  }
  const invalid = findWildcardDomainFault(host);
  if (invalid && !(isGateway && isIpAddress(host))) faults.push(invalid);
  if (isPartialWildcard(host)) faults.push(partialWildcardFault(host));
  return faults;
}

/** Says that `*` may only be a whole label here. */
export function partialWildcardFault(host: string): Fault {
  const message = `${JSON.stringify(host)}: * must be the whole first label, as in *.example.com`;
  return { code: 'HostPartialWildcard', message };
}

function findEmptyPartFaults(namespace: string, host: string, text: string): Fault[] {
  if (namespace !== '' && host !== '') return [];
  return [{ code: 'HostInvalid', message: `${JSON.stringify(text)} needs both a namespace and a host around /` }];
}

function namespaceFault(namespace: string, special: string): Fault {
  const message = `${JSON.stringify(namespace)} is not a namespace: use a name, or one of ${special}`;
  return { code: 'HostNamespaceInvalid', message };
}

function findLengthFault(text: string): Fault | undefined {
  if (text === '') return { code: 'HostEmpty', message: 'must not be empty: name a host' };
  const length = byteLength(text);
  if (length <= MAX_LENGTH) return undefined;
  return { code: 'HostTooLong', message: `is ${length} bytes long; a host has at most ${MAX_LENGTH}` };
}

function findLabelsFault(text: string, whole: string): Fault | undefined {
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  if (parseGoInt(last) !== undefined) {
    const message = `${JSON.stringify(whole)} is not a valid host: its last label ${JSON.stringify(last)} is a number`;
    return { code: 'HostInvalid', message };
  }
  if (last === '') labels.pop();
  const wrong = labels.find((label) => !isDnsLabel(label));
  return wrong === undefined ? undefined : labelFault(whole, wrong);
}

function labelFault(whole: string, label: string): Fault {
  const hint = label.includes('*')
    ? '* may only be, or start, the first label'
    : 'a label has 1 to 63 letters, digits or -, and a letter or digit at both ends';
  const message = `${JSON.stringify(whole)} is not a valid host: the label ${JSON.stringify(label)} is wrong (${hint})`;
  return { code: 'HostInvalid', message };
}
