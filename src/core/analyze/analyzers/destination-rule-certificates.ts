import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';

type ClientTls = NonNullable<NonNullable<DestinationRule['trafficPolicy']>['tls']>;

/** Whether TLS is started without anything to check the server's certificate by. */
function isUnverified(tls: ClientTls | undefined, hasSelector: boolean): tls is ClientTls {
  if (tls?.mode !== 'SIMPLE' && tls?.mode !== 'MUTUAL') return false;
  return !tls.caCertificates && !(tls.credentialName && hasSelector);
}

function check(resource: Resource): Message[] {
  const { trafficPolicy, workloadSelector, host = '' } = specAs<DestinationRule>(resource);
  const hasSelector = workloadSelector !== undefined;
  const describe = (tls: ClientTls, where: string): string =>
    `TLS mode ${String(tls.mode)} to ${host}${where} without caCertificates: the server's certificate is not checked, and anyone in between can read along.`;
  const messages: Message[] = [];
  if (isUnverified(trafficPolicy?.tls, hasSelector)) {
    messages.push(
      message('IST0128', resource, describe(trafficPolicy.tls, ''), 'spec.trafficPolicy.tls.caCertificates'),
    );
  }
  for (const [i, { port, tls }] of (trafficPolicy?.portLevelSettings ?? []).entries()) {
    if (!isUnverified(tls, hasSelector)) continue;
    const path = `spec.trafficPolicy.portLevelSettings[${i}].tls.caCertificates`;
    messages.push(message('IST0129', resource, describe(tls, ` port ${String(port?.number ?? 0)}`), path));
  }
  return messages;
}

/** TLS to destinations whose certificate nobody checks. */
export const destinationRuleCertificates: Analyzer = {
  name: 'destinationrule.CaCertificateAnalyzer',
  inputs: [KIND.destinationRule],
  atAdmission: [KIND.destinationRule],
  analyze: (world) => world.list(KIND.destinationRule).flatMap(check),
};
