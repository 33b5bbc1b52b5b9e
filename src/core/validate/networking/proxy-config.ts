import type { ProxyConfig } from '../../../api/networking/proxy-config.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { checkTypeSelector } from '../rules/workload-selector.ts';

/** Settings of the proxies of workloads, read when a proxy starts. */
export function validateProxyConfig({ spec }: Subject<ProxyConfig>): Finding[] {
  const findings = new Findings();
  const { selector, concurrency = 0 } = spec;
  checkTypeSelector(selector, 'spec.selector', findings);
  if (concurrency < 0) {
    const message = `${concurrency} must not be negative; 0 uses all processors`;
    findings.error('spec.concurrency', 'ConcurrencyNegative', message);
  }
  return findings.list;
}
