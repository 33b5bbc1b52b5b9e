import type { Gateway } from '../../../api/networking/gateway.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { DataView } from '../kubernetes-views.ts';
import { message, missing, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { hasLabels } from '../../label-selector.ts';
import { parseReference, type World } from '../world.ts';
import { selectorNotFound } from './gateway-ports.ts';

/** Names of certificate and key in a Secret, in the order in which istiod tries them. */
const KEY_PAIRS = [
  ['cert', 'key'],
  ['tls.crt', 'tls.key'],
] as const;

/** Why a Secret cannot serve as a gateway's credential; nothing when it can. */
function credentialFault(world: World, secret: Resource): string | undefined {
  const { data = {} } = specAs<DataView>(secret);
  const pair = KEY_PAIRS.find(([certificate, key]) => data[certificate] && data[key]);
  if (!pair) return 'it needs tls.crt and tls.key, or cert and key';
  const { now, readCertificate } = world.surroundings;
  const validity = readCertificate(decodeBase64(data[pair[0]] ?? ''));
  if (!validity) return `${pair[0]} is not a PEM certificate`;
  if (now > validity.notAfter) return `the certificate in ${pair[0]} has expired`;
  return now < validity.notBefore ? `the certificate in ${pair[0]} is not valid yet` : undefined;
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

function check(world: World, resource: Resource): Message[] {
  const { selector, servers = [] } = specAs<Gateway>(resource);
  const pod = world.list(KIND.pod).find(({ labels }) => hasLabels(labels, selector));
  if (!pod) return [selectorNotFound(resource, selector)];
  return servers.flatMap(({ tls }, i) => {
    const credential = tls?.credentialName;
    if (!credential) return [];
    const path = `spec.servers[${i}].tls.credentialName`;
    const reference = parseReference(credential, pod.namespace);
    const secret = world.find(KIND.secret, reference);
    if (!secret) {
      const text = `credentialName not found: "${credential}". The Secret must be in namespace ${pod.namespace || 'default'}, where the gateway's pods run.`;
      return [missing(message('IST0101', resource, text, path), { kind: KIND.secret, ...reference })];
    }
    const fault = credentialFault(world, secret);
    return fault ? [message('IST0161', resource, `Secret ${credential} cannot be used: ${fault}.`, path)] : [];
  });
}

/** Secrets that gateways name: present, complete and valid now. */
export const gatewaySecrets: Analyzer = {
  name: 'gateway.SecretAnalyzer',
  inputs: [KIND.gateway, KIND.pod, KIND.secret],
  analyze: (world) => world.list(KIND.gateway).flatMap((resource) => check(world, resource)),
};
