import { decodeMesh } from '../../../api/mesh/decode-mesh.ts';
import type { Network } from '../../../api/mesh/mesh-networks.ts';
import type { Problem } from '../../../api/problem.ts';
import type { Json } from '../../kube-object.ts';
import type { Finding } from '../finding.ts';
import { Findings, type Fault } from '../findings.ts';
import { isDnsLabel } from '../rules/dns-label.ts';
import { findFqdnFault } from '../rules/host-name.ts';
import { findSubnetFault, isIpAddress } from '../rules/ip.ts';
import { findPortFault } from '../rules/port.ts';

type Gateway = NonNullable<Network['gateways']>[number];
type Endpoints = NonNullable<Network['endpoints']>[number];

/** Judges the networks of a mesh as istiod reads them: it passes over unknown fields. Paths start at `path`. */
export function validateMeshNetworks(networks: Json | undefined, path: string): Finding[] {
  const findings = new Findings();
  const decoded = decodeMesh('MeshNetworks', { networks }, '');
  const pathOf = (problem: Problem): string => problem.path.replace(/^\.?networks/, path);
  for (const each of decoded.warnings) findings.warn(pathOf(each), 'UnknownField', each.message);
  if (!decoded.ok) {
    for (const each of decoded.problems) findings.error(pathOf(each), 'DecodingFailed', each.message);
    return findings.list;
  }
  for (const [name, network] of Object.entries(decoded.value.networks ?? {})) {
    const at = `${path}.${name}`;
    network.endpoints?.forEach((each, i) => checkEndpoints(each, `${at}.endpoints[${i}]`, findings));
    network.gateways?.forEach((each, i) => checkGateway(each, `${at}.gateways[${i}]`, findings));
  }
  return findings.list;
}

function checkEndpoints({ fromCidr, fromRegistry }: Endpoints, path: string, findings: Findings): void {
  if (fromCidr !== undefined) findings.check(`${path}.fromCidr`, findSubnetFault(fromCidr));
  if (fromRegistry !== undefined && !isDnsLabel(fromRegistry)) {
    const message = `${JSON.stringify(fromRegistry)} is not the name of a cluster: letters, digits and - only`;
    findings.error(`${path}.fromRegistry`, 'RegistryInvalid', message);
  }
}

function checkGateway({ registryServiceName, address, port = 0 }: Gateway, path: string, findings: Findings): void {
  if (registryServiceName !== undefined) {
    findings.check(`${path}.registryServiceName`, findFqdnFault(registryServiceName));
  }
  if (address !== undefined) findings.check(`${path}.address`, findAddressFault(address));
  findings.check(`${path}.port`, findPortFault(port));
}

function findAddressFault(address: string): Fault | undefined {
  if (isIpAddress(address) || !findFqdnFault(address)) return undefined;
  return { code: 'AddressInvalid', message: `${JSON.stringify(address)} is neither an IP address nor a host name` };
}
