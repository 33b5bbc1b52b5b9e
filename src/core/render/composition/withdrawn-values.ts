import type { JsonObject } from '../../kube-object.ts';
import type { Problem } from '../../problem.ts';
import { printed, valueAt } from '../../values/value-tree.ts';

const TRACING = 'meshConfig.defaultConfig.tracing';
const STACKDRIVER_LIMITS = ['debug', 'maxNumberOfAttributes', 'maxNumberOfAnnotations', 'maxNumberOfMessageEvents'];

/** Values that Istio no longer reads, with what to use instead. Setting one is an error. */
const WITHDRAWN: Readonly<Record<string, string>> = {
  'telemetry.v2.prometheus.configOverride': 'use the Telemetry resource',
  'telemetry.v2.stackdriver.disableOutbound': 'use the Telemetry resource',
  ...Object.fromEntries(
    STACKDRIVER_LIMITS.flatMap((limit) => [
      [`global.tracer.stackdriver.${limit}`, 'use a tracer that Istio supports'],
      [`${TRACING}.stackdriver.${limit}`, 'use a tracer that Istio supports'],
    ]),
  ),
};

/** Values that are still read and have a successor. Setting one is a warning. */
const DEPRECATED: Readonly<Record<string, string>> = {
  'global.proxy.holdApplicationUntilProxyStarts': 'meshConfig.defaultConfig.holdApplicationUntilProxyStarts',
  'global.tracer.lightstep.address': `${TRACING}.lightstep.address`,
  'global.tracer.lightstep.accessToken': `${TRACING}.lightstep.accessToken`,
  'global.tracer.zipkin.address': `${TRACING}.zipkin.address`,
  'global.tracer.datadog.address': `${TRACING}.datadog.address`,
};

/** Finds values, after every merge, that were withdrawn or have a successor. */
export function validateWithdrawnValues(values: JsonObject): { problems: Problem[]; warnings: Problem[] } {
  const isSet = (path: string): boolean => printed(valueAt(values, path)) !== '';
  const problems = Object.entries(WITHDRAWN)
    .filter(([path]) => isSet(path))
    .map(([path, hint]): Problem => ({
      path: `spec.values.${path}`,
      code: 'SettingWithdrawn',
      message: 'was removed',
      hint,
    }));
  if (valueAt(values, 'global.pilotCertProvider') === 'kubernetes') {
    const hint = 'use istiod, or custom with certificates of your own';
    problems.push({
      path: 'spec.values.global.pilotCertProvider',
      code: 'SettingWithdrawn',
      message: '"kubernetes" is not supported',
      hint,
    });
  }
  const warnings = Object.entries(DEPRECATED)
    .filter(([path]) => isSet(path))
    .map(([path, successor]): Problem => ({
      path: `spec.values.${path}`,
      code: 'FieldDeprecated',
      message: 'is deprecated',
      hint: `use ${successor}`,
    }));
  return { problems, warnings };
}
