import type { PortTrafficPolicy, TrafficPolicy, TunnelSettings } from '../../../../api/networking/traffic-policy.ts';
import type { Findings } from '../../findings.ts';
import { findFqdnFault } from '../../rules/host-name.ts';
import { isIpAddress } from '../../rules/ip.ts';
import { findPortFault } from '../../rules/port.ts';
import { checkClientTls } from '../client-tls.ts';
import { checkConnectionPool } from './connection-pool.ts';
import { checkLoadBalancer } from './load-balancer.ts';
import { checkOutlierDetection } from './outlier-detection.ts';
import type { PolicyContext } from './policy-context.ts';

/** Records what is wrong with how connections to a service are made. */
export function checkTrafficPolicy(
  policy: TrafficPolicy | undefined,
  context: PolicyContext,
  findings: Findings,
): void {
  if (!policy) return;
  const { path } = context;
  if (Object.values(policy).every((value) => value === undefined)) {
    findings.error(path, 'TrafficPolicyEmpty', 'must set something, or be left out');
    return;
  }
  if (policy.tunnel && policy.proxyProtocol) {
    findings.error(path, 'TrafficPolicyConflict', 'tunnel and proxyProtocol exclude each other: keep one of them');
    return;
  }
  checkCommon(policy, context, findings);
  policy.portLevelSettings?.forEach((settings, i) => {
    checkPortPolicy(settings, { ...context, path: `${path}.portLevelSettings[${i}]` }, findings);
  });
  checkTunnel(policy.tunnel, `${path}.tunnel`, findings);
  const version = policy.proxyProtocol?.version;
  if (typeof version === 'number') {
    findings.error(`${path}.proxyProtocol.version`, 'VersionUnknown', `${version} must be V1 or V2`);
  }
}

/** What can be set for a service as well as for one of its ports. */
function checkCommon(policy: PortTrafficPolicy, context: PolicyContext, findings: Findings): void {
  const { path, namespace } = context;
  const { outlierDetection, connectionPool, tls } = policy;
  checkOutlierDetection(outlierDetection, `${path}.outlierDetection`, findings);
  checkConnectionPool(connectionPool, `${path}.connectionPool`, findings);
  checkLoadBalancer(policy, context, findings);
  checkClientTls(tls, { path: `${path}.tls`, namespace }, findings);
}

function checkPortPolicy(settings: PortTrafficPolicy, context: PolicyContext, findings: Findings): void {
  const { port, outlierDetection, connectionPool, loadBalancer, tls } = settings;
  if (!port) findings.error(`${context.path}.port`, 'PortMissing', 'must say which port is meant');
  if (outlierDetection ?? connectionPool ?? loadBalancer ?? tls) checkCommon(settings, context, findings);
  else findings.error(context.path, 'TrafficPolicyEmpty', 'must set something besides the port, or be left out');
}

function checkTunnel(tunnel: TunnelSettings | undefined, path: string, findings: Findings): void {
  if (!tunnel) return;
  const { protocol = '', targetHost = '', targetPort } = tunnel;
  if (protocol !== '' && protocol !== 'CONNECT' && protocol !== 'POST') {
    findings.error(`${path}.protocol`, 'TunnelProtocolUnknown', `${JSON.stringify(protocol)} must be CONNECT or POST`);
  }
  if (!isIpAddress(targetHost)) findings.check(`${path}.targetHost`, findFqdnFault(targetHost));
  findings.check(`${path}.targetPort`, findPortFault(targetPort));
}
