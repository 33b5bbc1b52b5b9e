const METRIC_TARGET = 'autoscaling/v2 has target: {type: Utilization, averageUtilization: 80}';
const METRIC_NAME = 'autoscaling/v2 has metric: {name: ...}';
const METRIC_VALUE = 'autoscaling/v2 has target: {type: AverageValue, averageValue: ...}';

/** Fields that old files hold and no served version knows, by the type they stood in, with their successor. */
const WITHDRAWN: Readonly<Record<string, string>> = {
  'ResourceMetricSource.targetAverageUtilization': METRIC_TARGET,
  'ResourceMetricSource.targetAverageValue': METRIC_VALUE,
  'ObjectMetricSource.metricName': METRIC_NAME,
  'ObjectMetricSource.averageValue': METRIC_VALUE,
  'ObjectMetricSource.targetValue': METRIC_VALUE,
  'PodsMetricSource.metricName': METRIC_NAME,
  'PodsMetricSource.targetAverageValue': METRIC_VALUE,
  'ExternalMetricSource.metricName': METRIC_NAME,
  'ExternalMetricSource.targetAverageValue': METRIC_VALUE,
};

/** What to write instead of a field that was withdrawn, or undefined. */
export function successorOf(typeName: string | undefined, field: string): string | undefined {
  return WITHDRAWN[`${typeName ?? ''}.${field}`];
}
