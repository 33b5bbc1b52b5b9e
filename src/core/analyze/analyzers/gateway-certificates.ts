import type { Gateway } from '../../../api/networking/gateway.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { certificateMention } from '../mentions.ts';
import { lookedUpAs } from '../looked-up.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import { hasLabels } from '../../label-selector.ts';
import type { World } from '../world.ts';

type ServerTls = NonNullable<NonNullable<Gateway['servers']>[number]['tls']>;

function sameCertificate(a: ServerTls, b: ServerTls): boolean {
  if (a.credentialName || b.credentialName) return a.credentialName === b.credentialName;
  if (!a.serverCertificate || a.serverCertificate !== b.serverCertificate) return false;
  return Boolean(a.privateKey) && a.privateKey === b.privateKey;
}

function tlsOf(resource: Resource): ServerTls[] {
  return (lookedUpAs(KIND.gateway, resource).servers ?? []).flatMap(({ tls }) => (tls ? [tls] : []));
}

function check(world: World, resource: Resource): Message[] {
  const selector = specAs<Gateway>(resource).selector ?? {};
  const certificates = tlsOf(resource).flatMap((tls) => certificateMention(tls) ?? []);
  const naming = new Set(certificates.flatMap((each) => world.listMentioning(KIND.gateway, each)));
  const others = [...naming].filter(
    (other) => other !== resource && hasLabels(lookedUpAs(KIND.gateway, other).selector ?? {}, selector),
  );
  return others.flatMap((other) => {
    const shared = tlsOf(resource).some((own) => tlsOf(other).some((theirs) => sameCertificate(own, theirs)));
    if (!shared) return [];
    const text = `Gateways ${fullName(resource)} and ${fullName(other)} serve the same certificate: a browser reuses its HTTP/2 connection for hosts of both and gets 404. Serve these hosts from one Gateway.`;
    return [message('IST0138', resource, text, 'spec.servers')];
  });
}

/** One certificate in several gateways of the same proxies. */
export const gatewayCertificates: Analyzer = {
  name: 'gateway.CertificateAnalyzer',
  inputs: [KIND.gateway],
  atAdmission: [KIND.gateway],
  analyze: (world) => world.list(KIND.gateway).flatMap((resource) => check(world, resource)),
};
