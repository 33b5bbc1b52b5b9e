import type { AccessLogging } from '../../../api/telemetry/access-logging.ts';
import type { Metrics, MetricsOverrides } from '../../../api/telemetry/metrics.ts';
import type { ProviderRef } from '../../../api/telemetry/provider-ref.ts';
import type { Telemetry } from '../../../api/telemetry/telemetry.ts';
import type { Tracing } from '../../../api/telemetry/tracing.ts';
import { fieldPath } from '../../../api/field-path.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { checkTargetRefs } from '../rules/target-ref.ts';
import { checkTypeSelector } from '../rules/workload-selector.ts';
import { findFilterFault } from './access-log-filter.ts';

/** Metrics, traces and access logs of workloads. */
export function validateTelemetry({ spec }: Subject<Telemetry>): Finding[] {
  const findings = new Findings();
  const { metrics, tracing = [], accessLogging } = spec;
  checkTargetRefs(spec, 'spec', findings);
  checkTypeSelector(spec.selector, 'spec.selector', findings);
  metrics?.forEach((item, i) => checkMetrics(item, `spec.metrics[${i}]`, findings));
  if (tracing.length > 1) {
    findings.warn('spec.tracing', 'TracingMultiple', 'has more than one entry; only one takes effect');
  }
  tracing.forEach((item, i) => checkTracing(item, `spec.tracing[${i}]`, findings));
  accessLogging?.forEach((item, i) => checkAccessLogging(item, `spec.accessLogging[${i}]`, findings));
  return findings.list;
}

function checkMetrics({ providers, overrides }: Metrics, path: string, findings: Findings): void {
  checkProviders(providers, path, findings);
  overrides?.forEach((override, i) => checkOverride(override, `${path}.overrides[${i}]`, findings));
}

function checkOverride({ match, tagOverrides = {} }: MetricsOverrides, path: string, findings: Findings): void {
  if (match?.customMetric === '') checkText('', `${path}.match.customMetric`, findings);
  for (const [tag, { operation = 'UPSERT', value = '' }] of Object.entries(tagOverrides)) {
    const item = fieldPath(`${path}.tagOverrides`, tag);
    if (tag === '') findings.warn(item, 'TagNameEmpty', 'changes a tag without a name, which does not exist');
    if (operation === 'UPSERT' && value === '') {
      findings.error(`${item}.value`, 'TagValueMissing', 'UPSERT needs an expression that gives the value');
    } else if (operation === 'REMOVE' && value !== '') {
      findings.error(`${item}.value`, 'TagValueUnused', 'REMOVE takes no value');
    }
  }
}

function checkTracing(tracing: Tracing, path: string, findings: Findings): void {
  const { providers = [], randomSamplingPercentage: sampling, customTags = {} } = tracing;
  if (providers.length > 1) {
    findings.warn(`${path}.providers`, 'ProvidersMultiple', 'names more than one provider; only one takes effect');
  }
  checkProviders(providers, path, findings);
  if (sampling !== undefined && (sampling < 0 || sampling > 100)) {
    const message = `${sampling} must be a percentage from 0 to 100`;
    findings.error(`${path}.randomSamplingPercentage`, 'PercentOutOfRange', message);
  }
  for (const [name, { literal, header, environment }] of Object.entries(customTags)) {
    const item = fieldPath(`${path}.customTags`, name);
    if (name === '') findings.error(item, 'TagNameEmpty', 'must have a name');
    if (literal) checkText(literal.value, `${item}.literal.value`, findings);
    if (header) checkText(header.name, `${item}.header.name`, findings);
    if (environment) checkText(environment.name, `${item}.environment.name`, findings);
  }
}

function checkAccessLogging({ filter, providers }: AccessLogging, path: string, findings: Findings): void {
  if (filter) findings.check(`${path}.filter.expression`, findFilterFault(filter.expression ?? ''));
  checkProviders(providers, path, findings);
}

function checkProviders(providers: readonly ProviderRef[] | undefined, path: string, findings: Findings): void {
  providers?.forEach(({ name }, i) => checkText(name, `${path}.providers[${i}].name`, findings));
}

function checkText(value: string | undefined, path: string, findings: Findings): void {
  if (value === undefined || value === '') findings.error(path, 'ValueMissing', 'must not be empty');
}
