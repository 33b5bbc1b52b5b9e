import type { WorkloadGroup } from '../../../api/networking/workload-group.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { checkLabels } from '../rules/label.ts';
import { checkReadinessProbe } from './readiness-probe.ts';

/** What workloads outside of Kubernetes have in common when they register themselves. */
export function validateWorkloadGroup({ spec }: Subject<WorkloadGroup>): Finding[] {
  const findings = new Findings();
  const { metadata, template, probe } = spec;
  if (!template) findings.error('spec.template', 'TemplateMissing', 'is needed; it may be empty ({})');
  checkLabels(metadata?.labels, 'spec.metadata.labels', findings);
  if (probe) checkReadinessProbe(probe, 'spec.probe', findings);
  return findings.list;
}
