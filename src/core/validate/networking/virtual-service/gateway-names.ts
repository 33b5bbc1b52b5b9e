import type { Findings } from '../../findings.ts';
import { findDnsLabelFault } from '../../rules/dns-label.ts';
import { findFqdnFault } from '../../rules/host-name.ts';

/**
 * Records what is wrong with names of gateways: `namespace/name`, `name`, or the old `name.namespace`. As in Istio,
 * nothing after the first one without a slash is looked at.
 */
export function checkGatewayNames(
  names: readonly string[] | undefined,
  { path, isFromGatewayApi = false }: { path: string; isFromGatewayApi?: boolean },
  findings: Findings,
): void {
  for (const [i, name] of (names ?? []).entries()) {
    const item = `${path}[${i}]`;
    const slash = name.indexOf('/');
    if (slash < 0) {
      if (name.includes('.')) warnOfOldForm(name, item, findings);
      findings.check(item, findFqdnFault(name));
      return;
    }
    findings.check(item, findDnsLabelFault(name.slice(0, slash), 'namespace'));
    if (!isFromGatewayApi) findings.check(item, findDnsLabelFault(name.slice(slash + 1), 'name of a gateway'));
    else if (slash === name.length - 1) findings.error(item, 'GatewayNameMissing', 'must name a gateway after the /');
  }
}

function warnOfOldForm(name: string, path: string, findings: Findings): void {
  const [gateway = '', namespace = ''] = name.split('.');
  const message = `${JSON.stringify(name)} is in an old form: write "${namespace}/${gateway}"`;
  findings.warn(path, 'GatewayNameOldForm', message);
}
