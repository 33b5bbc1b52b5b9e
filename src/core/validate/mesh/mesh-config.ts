import { decodeMesh, type MeshMessage, type MeshMessageName } from '../../../api/mesh/decode-mesh.ts';
import { NO_TIME, parseDuration } from '../../../api/proto/duration.ts';
import { DEFAULT_VERSION, laterFields } from '../../istio/registry.ts';
import { releaseOf, type IstioRelease } from '../../istio/release.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import type { Finding } from '../finding.ts';
import { Findings, type Fault } from '../findings.ts';
import { checkLocalityLb } from '../networking/locality/locality-lb.ts';
import { checkZoneAwareLb } from '../networking/locality/zone-aware-lb.ts';
import { checkConnectionPool } from '../networking/traffic-policy/connection-pool.ts';
import { checkOutlierDetection } from '../networking/traffic-policy/outlier-detection.ts';
import { findDurationFault, findDurationRangeFault, isWholeMillis } from '../rules/duration.ts';
import { findWildcardDomainFault } from '../rules/host-name.ts';
import { findPortFault } from '../rules/port.ts';
import { checkCurves } from './ecdh-curves.ts';
import { checkInboundRetries } from './inbound-retries.ts';
import { checkMeshProxyConfig } from './proxy-config.ts';
import { findMeshTrustDomainFault } from './trust-domain.ts';

const HOUR_MS = 3_600_000;

/** By what a mesh configuration is judged, and where it stands. */
export interface MeshOptions {
  path?: string;
  /** The release of Istio that reads it; the usual one when left out. */
  release?: IstioRelease;
}

/**
 * Judges a complete mesh configuration, as JSON with its defaults and of the right types. What came with a later minor
 * is not looked at: the release ignores it, and decoding says so.
 */
export function validateMeshConfig(
  given: JsonObject,
  { path = 'meshConfig', release = releaseOf(DEFAULT_VERSION) }: MeshOptions = {},
): Finding[] {
  const findings = new Findings();
  const mesh = knownTo(release, given);
  findings.check(`${path}.proxyListenPort`, findPortFault(Number(mesh.proxyListenPort ?? 0)));
  findings.check(`${path}.connectTimeout`, findConnectTimeoutFault(mesh.connectTimeout));
  findings.check(`${path}.protocolDetectionTimeout`, findDetectionTimeoutFault(mesh.protocolDetectionTimeout));
  const proxy = isJsonObject(mesh.defaultConfig) ? mesh.defaultConfig : {};
  checkMeshProxyConfig(proxy, `${path}.defaultConfig`, findings);
  checkTrafficDefaults(mesh, path, findings);
  checkServiceHosts(mesh.serviceSettings, `${path}.serviceSettings`, findings);
  findings.check(`${path}.trustDomain`, findMeshTrustDomainFault(mesh.trustDomain));
  listOf(mesh.trustDomainAliases).forEach((alias, i) => {
    findings.check(`${path}.trustDomainAliases[${i}]`, findMeshTrustDomainFault(alias));
  });
  checkCurves(mesh, path, findings);
  return findings.list;
}

/** How long a connection may take to be made: from a millisecond to an hour. */
export function findConnectTimeoutFault(value: Json | undefined): Fault | undefined {
  const duration = typeof value === 'string' ? parseDuration(value) : NO_TIME;
  if (!duration) return { code: 'DurationInvalid', message: 'must be a duration such as 10s' };
  return findDurationFault(duration) ?? findDurationRangeFault(duration, 1, HOUR_MS);
}

/** How long Istio waits for the first bytes to tell the protocol; 0 turns that off. */
export function findDetectionTimeoutFault(value: Json | undefined): Fault | undefined {
  const duration = typeof value === 'string' ? parseDuration(value) : NO_TIME;
  if (duration && isWholeMillis(duration)) return undefined;
  return { code: 'DurationTooFine', message: 'must be a duration of whole milliseconds' };
}

function knownTo({ version }: IstioRelease, mesh: JsonObject): JsonObject {
  const later = laterFields(version);
  const [inMesh, inProxy] = [later.get('MeshConfig'), later.get('ProxyConfig')];
  const without = (fields: ReadonlyMap<string, string> | undefined, object: JsonObject): JsonObject =>
    fields ? Object.fromEntries(Object.entries(object).filter(([name]) => !fields.has(name))) : object;
  const { defaultConfig } = mesh;
  return {
    ...without(inMesh, mesh),
    ...(isJsonObject(defaultConfig) ? { defaultConfig: without(inProxy, defaultConfig) } : {}),
  };
}

function checkTrafficDefaults(mesh: JsonObject, path: string, findings: Findings): void {
  // Istio takes detection for granted here.
  const context = (field: string): { path: string; hasOutlier: true } => ({
    path: `${path}.${field}`,
    hasOutlier: true,
  });
  const locality = decodePart(
    'LocalityLoadBalancerSetting',
    mesh.localityLbSetting,
    `${path}.localityLbSetting`,
    findings,
  );
  checkLocalityLb(locality, context('localityLbSetting'), findings);
  const zones = decodePart(
    'ZoneAwareLoadBalancerSetting',
    mesh.zoneAwareLbSetting,
    `${path}.zoneAwareLbSetting`,
    findings,
  );
  checkZoneAwareLb(zones, context('zoneAwareLbSetting'), findings);
  const policy = isJsonObject(mesh.defaultTrafficPolicy) ? mesh.defaultTrafficPolicy : {};
  const at = `${path}.defaultTrafficPolicy`;
  const pool = decodePart('ConnectionPoolSettings', policy.connectionPool, `${at}.connectionPool`, findings);
  checkConnectionPool(pool, `${at}.connectionPool`, findings);
  const outlier = decodePart('OutlierDetection', policy.outlierDetection, `${at}.outlierDetection`, findings);
  checkOutlierDetection(outlier, `${at}.outlierDetection`, findings);
  const inbound = `${path}.defaultInboundHttpRetryPolicy`;
  const retries = decodePart('HttpRetry', mesh.defaultInboundHttpRetryPolicy, inbound, findings);
  checkInboundRetries(retries, inbound, findings);
}

function decodePart<N extends MeshMessageName>(
  name: N,
  value: Json | undefined,
  path: string,
  findings: Findings,
): MeshMessage<N> | undefined {
  if (!isJsonObject(value)) return undefined;
  const decoded = decodeMesh(name, value, path);
  if (decoded.ok) return decoded.value;
  for (const { path: at, message } of decoded.problems) findings.error(at, 'DecodingFailed', message);
  return undefined;
}

function checkServiceHosts(settings: Json | undefined, path: string, findings: Findings): void {
  listOf(settings).forEach((each, i) => {
    if (!isJsonObject(each)) return;
    listOf(each.hosts).forEach((host, j) => {
      if (typeof host === 'string') findings.check(`${path}[${i}].hosts[${j}]`, findWildcardDomainFault(host));
    });
  });
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
