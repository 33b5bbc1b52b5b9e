// Single values, each judged by one rule of Istio's.
import { DEFAULT_VERSION } from '../../src/core/istio/registry.ts';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/kube-object.ts';
import { parseDuration } from '../../src/api/proto/duration.ts';
import { Findings, type Fault } from '../../src/core/validate/findings.ts';
import { findConnectTimeoutFault, findDetectionTimeoutFault } from '../../src/core/validate/mesh/mesh-config.ts';
import { validateMeshNetworks } from '../../src/core/validate/mesh/mesh-networks.ts';
import { checkDrainDuration, checkMeshProxyConfig } from '../../src/core/validate/mesh/proxy-config.ts';
import { findMeshTrustDomainFault } from '../../src/core/validate/mesh/trust-domain.ts';
import { findDurationFault } from '../../src/core/validate/rules/duration.ts';
import {
  findFqdnFault,
  findGatewayHostFaults,
  findSidecarHostFaults,
  findSniHostFault,
  findWildcardDomainFault,
  isPartialWildcard,
} from '../../src/core/validate/rules/host-name.ts';
import {
  findCorsHeaderNameFault,
  findHeaderValueFault,
  findMatchHeaderNameFault,
  findStrictHeaderNameFault,
} from '../../src/core/validate/rules/http-header.ts';
import { findIpAddressFault, findSubnetFault } from '../../src/core/validate/rules/ip.ts';
import { checkLabels } from '../../src/core/validate/rules/label.ts';
import { findPortNameFault } from '../../src/core/validate/rules/port-name.ts';
import { findPortFault } from '../../src/core/validate/rules/port.ts';
import { findProtocolFault } from '../../src/core/validate/rules/protocol.ts';
import { findProxyAddressFault } from '../../src/core/validate/rules/proxy-address.ts';
import { findUnixAddressFault } from '../../src/core/validate/rules/unix-address.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const FILE = `${CORPUS}scalar-validators.jsonl`;
const present = existsSync(CORPUS);
if (!present) console.warn('conformance of single rules: skipped, ../shared/corpus is absent');

interface Row {
  fn: string;
  ok: boolean;
  arg?: unknown;
  args?: unknown[];
}

type Judge = (value: never, second: never) => boolean;

const good =
  (find: (text: string) => Fault | undefined) =>
  (text: string): boolean =>
    find(text) === undefined;

function recordsNothing(check: (findings: Findings) => void): boolean {
  const findings = new Findings();
  check(findings);
  return !findings.hasErrors;
}

const json = <T>(value: T | string): T => (typeof value === 'string' ? (JSON.parse(value) as T) : value);

const JUDGES: Readonly<Record<string, Judge>> = {
  GatewayHost: (host: string) => findGatewayHostFaults(host).length === 0,
  Labels: (labels: string | Record<string, string>) => recordsNothing((all) => checkLabels(json(labels), '', all)),
  SidecarHost: (host: string) => findSidecarHostFaults(host, DEFAULT_VERSION.traits).length === 0,
  ValidateCORSHTTPHeaderName: good(findCorsHeaderNameFault),
  ValidateConnectTimeout: good(findConnectTimeoutFault),
  ValidateDrainDuration: (text: string) => recordsNothing((all) => checkDrainDuration(text, '', all)),
  ValidateDuration: (text: string) => {
    const duration = parseDuration(text);
    return duration !== undefined && findDurationFault(duration) === undefined;
  },
  ValidateFQDN: good(findFqdnFault),
  ValidateHTTPHeaderNameOrJwtClaimRoute: good(findMatchHeaderNameFault),
  ValidateHTTPHeaderValue: good(findHeaderValueFault),
  ValidateIPAddress: good(findIpAddressFault),
  ValidateIPSubnet: good(findSubnetFault),
  ValidateMeshConfigProxyConfig: (config: string | object) =>
    recordsNothing((all) => checkMeshProxyConfig(json(config) as Record<string, never>, '', all)),
  ValidateMeshNetworks: ({ networks }: { networks?: Json }) => validateMeshNetworks(networks, '').length === 0,
  ValidatePartialWildCard: (host: string) => !isPartialWildcard(host),
  ValidatePort: (port: number | string) => findPortFault(Number(port)) === undefined,
  ValidatePortName: good(findPortNameFault),
  ValidateProtocol: good(findProtocolFault),
  ValidateProtocolDetectionTimeout: good(findDetectionTimeoutFault),
  ValidateProxyAddress: good(findProxyAddressFault),
  ValidateStrictHTTPHeaderName: good(findStrictHeaderNameFault),
  ValidateTrustDomain: good(findMeshTrustDomainFault),
  ValidateUnixAddress: good(findUnixAddressFault),
  ValidateWildcardDomain: good(findWildcardDomainFault),
  ValidateWildcardDomainForVirtualServiceBoundToGateway: (hasSni: boolean, host: string) =>
    (hasSni ? findSniHostFault(host) : findWildcardDomainFault(host)) === undefined,
};

const lines = present ? readFileSync(FILE, 'utf8').trim().split('\n') : [];
const rows = Map.groupBy(
  lines.map((line) => JSON.parse(line) as Row).filter(({ fn }) => fn in JUDGES),
  ({ fn }) => fn,
);

describe.skipIf(!present)('single rules judge as Istio does', () => {
  it.each(Object.keys(JUDGES))('%s', (name) => {
    const judge = JUDGES[name] as (...values: unknown[]) => boolean;
    const own = rows.get(name) ?? [];
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(({ ok, arg, args = [arg] }) => judge(...args) !== ok)).toEqual([]);
  });
});
