import type { IstioVersion } from '../istio/istio-version.ts';
import { findUnmetMinimum } from '../istio/gateway-api.ts';
import { listFlagMoves } from '../istio/flags.ts';
import { describePreview } from '../istio/preview.ts';
import { newerThan } from '../istio/registry.ts';
import { parseRelease, type IstioRelease } from '../istio/release.ts';
import { listSome } from '../list-some.ts';
import type { PrecheckFacts, ProxyFact } from './facts.ts';
import type { PrecheckFinding } from './finding.ts';

/** Whether the steps between the releases are ones that Istio supports in place. */
export function checkStep({ from, to }: PrecheckFacts): PrecheckFinding[] {
  const steps = minorNumber(to.version.minor) - minorNumber(from.version.minor);
  if (steps < 0) {
    const message = `${to.name} is older than ${from.name}, which runs`;
    const hint = 'Istio does not promise that going back works; proxies must not stay newer than the control plane';
    return [{ code: 'OlderMinor', level: 'warning', message, hint }];
  }
  if (steps < 2) return [];
  const message = `from ${from.name} to ${to.name} are ${steps} minors, and Istio upgrades one at a time in place`;
  const next = `${from.version.minor.split('.')[0]}.${minorNumber(from.version.minor) + 1}`;
  return [{ code: 'MinorsSkipped', level: 'blocking', message, hint: `go to ${next} first, or upgrade by revision` }];
}

/** Whether the release is of a minor that is a preview; who runs one knows. */
export function checkPreview({ from, to }: PrecheckFacts): PrecheckFinding[] {
  const preview = from.version.isPreview ? undefined : describePreview(to.version);
  return preview ? [{ code: 'PreviewVersion', level: 'warning', ...preview }] : [];
}

/** Whether Kubernetes is new enough. */
export function checkKubernetes({ to, kubeVersion }: PrecheckFacts): PrecheckFinding[] {
  const [, major = '0', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(kubeVersion) ?? [];
  const { oldestKubeMinor } = to.version;
  if (major !== '1' || Number(minor) >= oldestKubeMinor) return [];
  const message = `Istio ${to.version.minor} needs Kubernetes 1.${oldestKubeMinor} or newer, and the API server is ${kubeVersion}`;
  return [{ code: 'KubernetesTooOld', level: 'blocking', message, hint: 'upgrade Kubernetes first' }];
}

/** Whether the control plane will understand the proxies that are there. */
export function checkProxies({ to, proxies }: PrecheckFacts): PrecheckFinding[] {
  const distance = ({ version }: ProxyFact): number => {
    const parsed = parseRelease(version ?? '');
    return parsed ? minorNumber(to.version.minor) - minorNumber(parsed.minor) : 0;
  };
  const old = proxies.filter((proxy) => distance(proxy) > 1);
  const newer = proxies.filter((proxy) => distance(proxy) < 0);
  const findings: PrecheckFinding[] = [];
  if (old.length > 0) {
    const message = `${count(old)} of a release that istiod ${to.version.minor} does not support any more: ${names(old)}`;
    findings.push({ code: 'ProxiesTooOld', level: 'blocking', message, hint: 'restart these pods first' });
  }
  if (newer.length > 0) {
    const message = `${count(newer)} newer than istiod would be: ${names(newer)}`;
    findings.push({ code: 'ProxiesNewer', level: 'warning', message, hint: 'restart these pods after the change' });
  }
  return findings;
}

/** What becomes of the environment variables that are set. */
export function checkFlags({ from, to, variables }: PrecheckFacts): PrecheckFinding[] {
  const path = versionsBetween(from, to);
  return [...new Set(variables)].flatMap((name) =>
    listFlagMoves(name, path).map((move): PrecheckFinding => {
      if (move.what === 'removed') {
        const message = `Istio ${move.minor} does not read ${name}, which is set: ${move.instead}`;
        return { code: 'FlagRemoved', level: 'blocking', message, hint: 'remove it' };
      }
      const message = `Istio ${move.minor} changes the default of ${name}, which is set, from "${move.from}" to "${move.to}"`;
      return { code: 'FlagChanged', level: 'warning', message, hint: 'see whether what is set is still wanted' };
    }),
  );
}

/** Whether definitions of the Gateway API are too old for the new istiod and were not for the one that runs. */
export function checkGatewayApi({ from, to, gatewayApi }: PrecheckFacts): PrecheckFinding[] {
  return gatewayApi.flatMap(({ definition, bundle = '', isUsed }): PrecheckFinding[] => {
    const minimum = findUnmetMinimum(to.version, definition, bundle);
    if (minimum === undefined || findUnmetMinimum(from.version, definition, bundle) !== undefined) return [];
    const effect = isUsed
      ? 'there are resources of the kind, which it would ignore'
      : 'no resource of the kind is there';
    const message = `${definition} is of Gateway API ${bundle}, and istiod ${to.version.minor} reads ${minimum} and newer; ${effect}`;
    const level = isUsed ? 'blocking' : 'warning';
    return [{ code: 'GatewayApiTooOld', level, message, hint: 'upgrade the definitions of the Gateway API first' }];
  });
}

/** What the resource itself says that the new release does not take as it was. */
export function checkSettings({ warnings }: PrecheckFacts): PrecheckFinding[] {
  const outdated = new Set(['FieldDeprecated', 'FieldTooNew', 'SettingWithdrawn']);
  return warnings
    .filter(({ code }) => code !== undefined && outdated.has(code))
    .map(({ path, message, hint = 'change it' }) => ({
      code: 'SettingOutdated',
      level: 'warning',
      message: `${path}: ${message}`,
      hint,
    }));
}

/** Minors that an upgrade passes, the first of them first; none of a step back. */
function versionsBetween(from: IstioRelease, to: IstioRelease): IstioVersion[] {
  const later = new Set(newerThan(to.version));
  return newerThan(from.version)
    .filter((version) => !later.has(version))
    .reverse();
}

function minorNumber(minor: string): number {
  return Number(minor.split('.')[1]);
}

function count(proxies: readonly ProxyFact[]): string {
  return proxies.length === 1 ? '1 proxy is' : `${proxies.length} proxies are`;
}

function names(proxies: readonly ProxyFact[]): string {
  return listSome(proxies.map(({ namespace, name, version = '' }) => `${namespace}/${name} (${version})`));
}
