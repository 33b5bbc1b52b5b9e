import type { DestinationRule } from '../../../api/networking/destination-rule.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { findDnsLabelFault } from '../rules/dns-label.ts';
import { checkExportTo } from '../rules/export-to.ts';
import { findWildcardDomainFault } from '../rules/host-name.ts';
import { checkLabels } from '../rules/label.ts';
import { checkWorkloadSelector } from '../rules/workload-selector.ts';
import { checkTrafficPolicy } from './traffic-policy/traffic-policy.ts';

/** Where Istio checks a policy as well but keeps its warnings to itself. */
const SILENT = /^spec\.subsets\[|\.portLevelSettings\[/;

/** How clients connect to a service once a route was chosen. */
export function validateDestinationRule(subject: Subject<DestinationRule>): Finding[] {
  return check(subject).filter(({ severity, path }) => severity === 'error' || !SILENT.test(path));
}

/** Warnings on the policies of subsets and ports. */
export function adviseDestinationRule(subject: Subject<DestinationRule>): Finding[] {
  return check(subject).filter(({ severity, path }) => severity === 'warning' && SILENT.test(path));
}

function check({ spec, namespace, traits }: Subject<DestinationRule>): Finding[] {
  const findings = new Findings();
  const { host = '', trafficPolicy, subsets = [], exportTo, workloadSelector } = spec;
  findings.check('spec.host', findWildcardDomainFault(host));
  checkTrafficPolicy(trafficPolicy, { path: 'spec.trafficPolicy', namespace, traits }, findings);
  const names = new Set<string>();
  subsets.forEach(({ name = '', labels, trafficPolicy: policy }, i) => {
    const path = `spec.subsets[${i}]`;
    if (names.has(name)) {
      findings.error(
        `${path}.name`,
        'SubsetDuplicate',
        `${JSON.stringify(name)} is defined twice: give each subset its own name`,
      );
    }
    names.add(name);
    findings.check(`${path}.name`, findDnsLabelFault(name, 'name of a subset'));
    checkLabels(labels, `${path}.labels`, findings);
    checkTrafficPolicy(policy, { path: `${path}.trafficPolicy`, namespace, traits }, findings);
  });
  const hasWorkloadSelector = workloadSelector !== undefined;
  checkExportTo(exportTo, { namespace, path: 'spec.exportTo', hasWorkloadSelector }, findings);
  checkWorkloadSelector(
    workloadSelector && { labels: workloadSelector.matchLabels },
    'spec.workloadSelector',
    findings,
  );
  return findings.list;
}
