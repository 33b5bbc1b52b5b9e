import type {
  ConsistentHashLb,
  HttpCookie,
  LoadBalancerSettings,
  Maglev,
  WarmupConfiguration,
} from '../../../../api/networking/load-balancer.ts';
import type { OutlierDetection } from '../../../../api/networking/outlier-detection.ts';
import type { Findings } from '../../findings.ts';
import { findDurationFault } from '../../rules/duration.ts';
import { checkLocalityLb } from '../locality/locality-lb.ts';
import { checkZoneAwareLb } from '../locality/zone-aware-lb.ts';
import type { PolicyContext } from './policy-context.ts';

/** A policy, as far as this looks at it. */
interface Balanced {
  loadBalancer?: LoadBalancerSettings | undefined;
  outlierDetection?: OutlierDetection | undefined;
}

/** Envoy's tables are smaller than this. */
const MAGLEV_LIMIT = 5_000_011;

/** Records what is wrong with how endpoints are chosen. */
export function checkLoadBalancer(
  { loadBalancer: settings, outlierDetection }: Balanced,
  { path: policy, traits }: PolicyContext,
  findings: Findings,
): void {
  if (!settings) return;
  const path = `${policy}.loadBalancer`;
  const { consistentHash, localityLbSetting, zoneAwareLbSetting, warmup } = settings;
  if (consistentHash) checkConsistentHash(consistentHash, `${path}.consistentHash`, findings);
  if (localityLbSetting && zoneAwareLbSetting) {
    const message = 'localityLbSetting and zoneAwareLbSetting exclude each other: keep one of them';
    findings.error(path, 'LoadBalancerConflict', message);
  }
  const hasOutlier = outlierDetection !== undefined;
  checkLocalityLb(localityLbSetting, { path: `${path}.localityLbSetting`, hasOutlier }, findings);
  checkZoneAwareLb(zoneAwareLbSetting, { path: `${path}.zoneAwareLbSetting`, hasOutlier }, findings);
  if (warmup) checkWarmup(warmup, { path: `${path}.warmup`, traits }, findings);
}

function checkConsistentHash(hash: ConsistentHashLb, path: string, findings: Findings): void {
  const { httpCookie, ringHash, maglev, minimumRingSize } = hash;
  if (httpCookie) checkCookie(httpCookie, `${path}.httpCookie`, findings);
  if (Number(minimumRingSize ?? 0) !== 0) {
    findings.warn(`${path}.minimumRingSize`, 'FieldDeprecated', 'is deprecated: use ringHash.minimumRingSize');
    if (ringHash ?? maglev) {
      findings.error(`${path}.minimumRingSize`, 'HashConflict', 'excludes ringHash and maglev: keep one of them');
    }
  }
  if (maglev) checkMaglev(maglev, `${path}.maglev.tableSize`, findings);
}

function checkCookie({ name = '', attributes = [] }: HttpCookie, path: string, findings: Findings): void {
  if (name === '') findings.error(`${path}.name`, 'CookieNameMissing', 'must name the cookie');
  const names = new Set<string>();
  attributes.forEach(({ name: attribute = '' }, i) => {
    const item = `${path}.attributes[${i}].name`;
    if (attribute === '') findings.error(item, 'CookieAttributeMissing', 'must name the attribute');
    else if (names.has(attribute)) {
      findings.error(item, 'CookieAttributeDuplicate', `${JSON.stringify(attribute)} is set twice`);
    }
    names.add(attribute);
  });
}

function checkMaglev({ tableSize }: Maglev, path: string, findings: Findings): void {
  const size = Number(tableSize ?? 0);
  if (size > 0 && size < MAGLEV_LIMIT && isPrime(size)) return;
  findings.error(path, 'MaglevSizeInvalid', `${size} must be a prime number below ${MAGLEV_LIMIT}, such as 65537`);
}

/** As Envoy tells primes; it counts 1 among them. */
function isPrime(value: number): boolean {
  if (value < 4) return true;
  if (value % 2 === 0) return false;
  for (let factor = 3; factor * factor <= value; factor += 2) if (value % factor === 0) return false;
  return true;
}

function checkWarmup(
  { duration, minimumPercent = 0, aggression }: WarmupConfiguration,
  { path, traits }: Pick<PolicyContext, 'path' | 'traits'>,
  findings: Findings,
): void {
  if (duration) findings.check(`${path}.duration`, findDurationFault(duration));
  else findings.error(`${path}.duration`, 'DurationMissing', 'is needed, such as 30s');
  if (minimumPercent > 100) {
    findings.error(`${path}.minimumPercent`, 'PercentOutOfRange', `${minimumPercent} must be at most 100`);
  }
  const isGentle = aggression !== undefined && (traits.allowsGentleWarmup ? aggression <= 0 : aggression < 1);
  if (isGentle) {
    const least = traits.allowsGentleWarmup ? 'greater than 0' : 'at least 1';
    findings.error(`${path}.aggression`, 'AggressionInvalid', `${aggression} must be ${least}`);
  }
}
