import type { OutboundTrafficPolicy, Sidecar } from '../../../api/networking/sidecar.ts';
import type { ValidationTraits } from '../../istio/traits.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { findFqdnFault } from '../rules/host-name.ts';
import { checkWorkloadSelector } from '../rules/workload-selector.ts';
import { checkEgress } from './sidecar-egress.ts';
import { checkIngress } from './sidecar-ingress.ts';
import { checkConnectionPool } from './traffic-policy/connection-pool.ts';
import { checkDestination } from './virtual-service/destination.ts';

/** ALLOW_ANY_DYNAMIC_DNS, which the mesh has and a Sidecar has not. */
const MESH_ONLY_MODE = 3;

/** Which ports a sidecar serves and which services it can reach. */
export function validateSidecar({ spec, namespace, traits }: Subject<Sidecar>): Finding[] {
  const findings = new Findings();
  const { workloadSelector, ingress, egress, inboundConnectionPool, outboundTrafficPolicy } = spec;
  if (!checkWorkloadSelector(workloadSelector, 'spec.workloadSelector', findings)) return findings.list;
  if (!egress && !ingress && !outboundTrafficPolicy && !inboundConnectionPool) {
    const message = 'is empty: set ingress, egress, outboundTrafficPolicy or inboundConnectionPool';
    findings.error('spec', 'SidecarEmpty', message);
    return findings.list;
  }
  checkIngress(ingress ?? [], 'spec.ingress', findings);
  checkConnectionPool(inboundConnectionPool, 'spec.inboundConnectionPool', findings);
  checkEgress(egress ?? [], { path: 'spec.egress', namespace, traits }, findings);
  if (outboundTrafficPolicy) checkOutboundPolicy(outboundTrafficPolicy, traits, findings);
  return findings.list;
}

function checkOutboundPolicy(
  { mode, egressProxy }: OutboundTrafficPolicy,
  { keepsDynamicDnsToMesh }: ValidationTraits,
  findings: Findings,
): void {
  const path = 'spec.outboundTrafficPolicy';
  if (keepsDynamicDnsToMesh && mode === MESH_ONLY_MODE) {
    findings.error(`${path}.mode`, 'ModeUnsupported', 'ALLOW_ANY_DYNAMIC_DNS can only be set for the whole mesh');
  } else if (egressProxy && mode !== 'ALLOW_ANY') {
    findings.error(`${path}.egressProxy`, 'EgressProxyUnused', 'needs the mode ALLOW_ANY');
  } else if (egressProxy) {
    findings.check(`${path}.egressProxy.host`, findFqdnFault(egressProxy.host ?? ''));
    if (egressProxy.port) checkDestination(egressProxy, `${path}.egressProxy`, findings);
    else findings.error(`${path}.egressProxy.port`, 'PortMissing', 'must say at which port the proxy listens');
  }
}
