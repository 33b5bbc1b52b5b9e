import { flag, protoEnum, protoUint32, text, valuesObject } from '../../field-types.ts';
import { lifecycle, seccompProfile } from '../../kubernetes/containers.ts';
import { resources } from './resources.ts';

const startupProbe = valuesObject('ProxyStartupProbe', () => ({
  enabled: flag.describe('On or off.'),
  failureThreshold: protoUint32.describe('Failures until the pod is restarted.'),
}));

export const proxy = valuesObject('Proxy', () => ({
  autoInject: text.describe('Default of injection: `enabled` or `disabled`.'),
  clusterDomain: text.describe('Domain of the cluster.'),
  componentLogLevel: text.describe('Log levels by component, such as `misc:error`.'),
  enableCoreDump: flag.describe('Keep core dumps of the proxy.'),
  excludeInboundPorts: text.describe('Ports whose inbound traffic passes by the proxy, with commas.'),
  excludeIPRanges: text.describe('Address ranges whose outbound traffic passes by the proxy, with commas.'),
  image: text.describe('Image name, or a whole image reference.'),
  includeIPRanges: text.describe('Address ranges whose outbound traffic goes through the proxy; `*` for all.'),
  logLevel: text.describe('Log level of the proxy.'),
  outlierLogPath: text.describe('File for outlier detection events.'),
  privileged: flag.describe('Run the proxy privileged.'),
  readinessInitialDelaySeconds: protoUint32.describe('Seconds before the first readiness check.'),
  readinessPeriodSeconds: protoUint32.describe('Seconds between readiness checks.'),
  readinessFailureThreshold: protoUint32.describe('Failures until the proxy counts as not ready.'),
  seccompProfile: seccompProfile.describe('Seccomp profile of the proxy.'),
  startupProbe: startupProbe.describe('Startup check of the proxy.'),
  statusPort: protoUint32.describe('Port of the health checks; 0 turns them off.'),
  resources: resources.describe('Requests and limits of the proxy.'),
  tracer: protoEnum('zipkin', 'lightstep', 'datadog', 'stackdriver', 'openCensusAgent', 'none').describe(
    'Kind of tracer, in an old form.',
  ),
  excludeOutboundPorts: text.describe('Ports whose outbound traffic passes by the proxy, with commas.'),
  lifecycle: lifecycle.describe('Commands after the start and before the end of the proxy.'),
  holdApplicationUntilProxyStarts: flag.describe('Start the application after the proxy.'),
  includeInboundPorts: text.describe('Ports whose inbound traffic goes through the proxy; `*` for all.'),
  includeOutboundPorts: text.describe('Ports whose outbound traffic always goes through the proxy.'),
}));

export const proxyInit = valuesObject('ProxyInit', () => ({
  image: text.describe('Image name, or a whole image reference.'),
  resources: resources.describe('Requests and limits.'),
}));
