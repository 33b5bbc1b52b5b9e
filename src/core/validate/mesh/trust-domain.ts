import type { Json } from '../../kube-object.ts';
import type { Fault } from '../findings.ts';
import { isDnsLabel } from '../rules/dns-label.ts';

/** The root of identities: labels of DNS names, with dots between; a dot at the end is taken. */
export function findMeshTrustDomainFault(value: Json | undefined): Fault | undefined {
  const text = typeof value === 'string' ? value : '';
  const labels = text.split('.');
  if (labels.at(-1) === '' && text !== '') labels.pop();
  if (labels.every(isDnsLabel)) return undefined;
  const message = `${JSON.stringify(text)} is not a trust domain: use labels of letters, digits or -, such as cluster.local`;
  return { code: 'TrustDomainInvalid', message };
}
