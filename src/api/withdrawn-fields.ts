const METRIC_TARGET = 'autoscaling/v2 has target: {type: Utilization, averageUtilization: 80}';
const METRIC_NAME = 'autoscaling/v2 has metric: {name: ...}';
const METRIC_VALUE = 'autoscaling/v2 has target: {type: AverageValue, averageValue: ...}';

const MIXER = 'Mixer ended with Istio 1.8: remove it';
const SDS = 'certificates come by SDS always: remove it';
const LIGHTSTEP_TLS = 'use tracing.tlsSettings';

const entries = (type: string, fields: string, successor: string): Record<string, string> =>
  Object.fromEntries(fields.split(' ').map((field) => [`${type}.${field}`, successor]));

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
  // Mesh configuration of Istio 1.4 to 1.16.
  ...entries(
    'MeshConfig',
    'mixerAddress mixerCheckServer mixerReportServer disablePolicyChecks policyCheckFailOpen',
    MIXER,
  ),
  ...entries(
    'MeshConfig',
    'disableMixerHttpReports disableReportBatch reportBatchMaxEntries reportBatchMaxTime',
    MIXER,
  ),
  ...entries('MeshConfig', 'enableClientSidePolicyCheck sidecarToTelemetrySessionAffinity', MIXER),
  ...entries('MeshConfig', 'sdsUdsPath sdsRefreshDelay sdsUseK8sSaJwt enableSdsTokenMount', SDS),
  'MeshConfig.rdsRefreshDelay': 'configuration is pushed to proxies, not asked for: remove it',
  'MeshConfig.authPolicy': 'traffic to istiod is always encrypted: use PeerAuthentication between workloads',
  'MeshConfig.thriftConfig': 'the Thrift filter ended with Istio 1.17: remove it',
  'ProxyConfig.connectTimeout': 'use spec.meshConfig.connectTimeout',
  'ProxyConfig.parentShutdownDuration': 'proxies are not restarted in place any more: remove it',
  'Lightstep.secure': LIGHTSTEP_TLS,
  'Lightstep.cacertPath': LIGHTSTEP_TLS,
};

/** What to write instead of a field that was withdrawn, or undefined. */
export function successorOf(typeName: string | undefined, field: string): string | undefined {
  return WITHDRAWN[`${typeName ?? ''}.${field}`];
}
