import { decodeMesh } from '../../../api/mesh/decode-mesh.ts';
import { parseDuration } from '../../../api/proto/duration.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import type { Findings } from '../findings.ts';
import { checkClientTls } from '../networking/client-tls.ts';
import { findPortFault } from '../rules/port.ts';
import { findProxyAddressFault } from '../rules/proxy-address.ts';
import { checkConnectionSettings } from './connection-settings.ts';

/** Where the address of a tracer may name the node that the pod runs on. */
const HOST_IP = '$(HOST_IP)';
const OLD_ALLOCATION = 'ISTIO_META_DNS_AUTO_ALLOCATE';
const POLICIES: ReadonlySet<Json | undefined> = new Set([undefined, 'NONE', 'MUTUAL_TLS', 0, 1]);
const SECOND = 1_000_000_000;

/** Records what is wrong with a complete ProxyConfig, as JSON with its defaults. */
export function checkMeshProxyConfig(config: JsonObject, path: string, findings: Findings): void {
  for (const field of ['configPath', 'binaryPath'] as const) checkGiven(config[field], `${path}.${field}`, findings);
  if (config.tracingServiceName === undefined) checkGiven(config.serviceCluster, `${path}.serviceCluster`, findings);
  checkDrainDuration(config.drainDuration, `${path}.drainDuration`, findings);
  checkAddress(config.discoveryAddress, `${path}.discoveryAddress`, findings);
  if (isJsonObject(config.tracing)) checkTracing(config.tracing, `${path}.tracing`, findings);
  checkReporting(config, path, findings);
  for (const field of ['proxyAdminPort', 'statusPort'] as const) {
    findings.check(`${path}.${field}`, findPortFault(Number(config[field] ?? 0)));
  }
  if (!POLICIES.has(config.controlPlaneAuthPolicy)) {
    findings.error(`${path}.controlPlaneAuthPolicy`, 'PolicyUnknown', 'must be NONE or MUTUAL_TLS');
  }
  if (isJsonObject(config.privateKeyProvider)) {
    checkKeyProvider(config.privateKeyProvider, `${path}.privateKeyProvider`, findings);
  }
  if (isJsonObject(config.connectionSettings)) {
    checkConnectionSettings(config.connectionSettings, `${path}.connectionSettings`, findings);
  }
}

/** Records a time for draining that is not whole seconds. */
export function checkDrainDuration(value: Json | undefined, path: string, findings: Findings): void {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined;
  const isGood = duration !== undefined && duration.seconds > 0 && duration.nanos % SECOND === 0;
  if (!isGood) findings.error(path, 'DrainDurationInvalid', 'must be whole seconds, at least 1s');
}

function checkGiven(value: Json | undefined, path: string, findings: Findings): void {
  if (value === undefined || value === '') findings.error(path, 'ValueMissing', 'must not be empty');
}

function checkAddress(value: Json | undefined, path: string, findings: Findings): void {
  const text = typeof value === 'string' ? value : '';
  findings.check(path, findProxyAddressFault(text.replace(HOST_IP, '127.0.0.1')));
}

/** Where metrics and logs are sent; nowhere when the address is empty. */
function checkReporting(config: JsonObject, path: string, findings: Findings): void {
  const { envoyMetricsService, envoyAccessLogService, proxyMetadata } = config;
  const addresses: [string, Json | undefined][] = [
    ['statsdUdpAddress', config.statsdUdpAddress],
    ['envoyMetricsServiceAddress', config.envoyMetricsServiceAddress],
    ['envoyMetricsService.address', isJsonObject(envoyMetricsService) ? envoyMetricsService.address : undefined],
    ['envoyAccessLogService.address', isJsonObject(envoyAccessLogService) ? envoyAccessLogService.address : undefined],
  ];
  for (const [field, address] of addresses) {
    if (address !== undefined && address !== '') checkAddress(address, `${path}.${field}`, findings);
  }
  if (isJsonObject(proxyMetadata) && proxyMetadata[OLD_ALLOCATION] !== undefined) {
    const message = 'is deprecated: Istio allocates addresses of ServiceEntries by itself';
    findings.warn(`${path}.proxyMetadata.${OLD_ALLOCATION}`, 'FieldDeprecated', message);
  }
}

function checkTracing(tracing: JsonObject, path: string, findings: Findings): void {
  const { lightstep, zipkin, datadog, tlsSettings } = tracing;
  if (isJsonObject(lightstep)) {
    checkAddress(lightstep.address, `${path}.lightstep.address`, findings);
    checkGiven(lightstep.accessToken, `${path}.lightstep.accessToken`, findings);
  }
  if (isJsonObject(zipkin)) checkAddress(zipkin.address, `${path}.zipkin.address`, findings);
  if (isJsonObject(datadog)) checkAddress(datadog.address, `${path}.datadog.address`, findings);
  if (isJsonObject(tlsSettings)) {
    const decoded = decodeMesh('ClientTlsSettings', tlsSettings, `${path}.tlsSettings`);
    if (decoded.ok) checkClientTls(decoded.value, { path: `${path}.tlsSettings`, namespace: '' }, findings);
  }
}

function checkKeyProvider(provider: JsonObject, path: string, findings: Findings): void {
  const [name, settings] = Object.entries(provider).find(([key]) => key === 'cryptomb' || key === 'qat') ?? [];
  if (name === undefined || !isJsonObject(settings)) {
    findings.error(path, 'KeyProviderMissing', 'needs cryptomb or qat');
    return;
  }
  const { pollDelay } = settings;
  const delay = typeof pollDelay === 'string' ? parseDuration(pollDelay) : undefined;
  if (delay && (delay.seconds !== 0 || delay.nanos !== 0)) return;
  findings.error(`${path}.${name}.pollDelay`, 'PollDelayMissing', 'must be a time that is not zero, such as 10ms');
}
