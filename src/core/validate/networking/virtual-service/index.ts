import type { VirtualService } from '../../../../api/networking/virtual-service.ts';
import type { Finding, Subject } from '../../finding.ts';
import { Findings } from '../../findings.ts';
import { checkExportTo } from '../../rules/export-to.ts';
import { isJwtClaimHeader } from '../../rules/http-header.ts';
import { checkGatewayNames } from './gateway-names.ts';
import { checkHosts } from './hosts.ts';
import { checkHttpRoute } from './http-route.ts';
import { checkTcpRoute, checkTlsRoute, compileSniRules } from './l4-route.ts';
import { isBoundToGateway } from './mesh-gateway.ts';
import { checkReachability } from './reachability.ts';
import { adviseWeights } from './weights.ts';

const SEMANTICS = 'internal.istio.io/route-semantics';

/** How requests for hosts are routed. Without hosts it is a delegate, which another one includes. */
export function validateVirtualService({ spec, namespace, annotations }: Subject<VirtualService>): Finding[] {
  const findings = new Findings();
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [], exportTo } = spec;
  const isFromGatewayApi = annotations[SEMANTICS] === 'gateway';
  const isDelegate = hosts.length === 0;
  if (isDelegate) checkDelegate(spec, findings);
  checkGatewayNames(gateways, { path: 'spec.gateways', isFromGatewayApi }, findings);
  if (!isBoundToGateway(spec)) checkNoClaims(spec, findings);
  checkHosts(spec, findings);
  if (http.length + tls.length + tcp.length === 0) {
    findings.error('spec', 'RoutesMissing', 'needs at least one route in http, tls or tcp');
  }
  const context = { isDelegate, isFromGatewayApi };
  http.forEach((route, i) => checkHttpRoute(route, { ...context, path: `spec.http[${i}]` }, findings));
  const sniRules = compileSniRules(spec);
  tls.forEach((route, i) => checkTlsRoute(route, sniRules, { path: `spec.tls[${i}]`, isFromGatewayApi }, findings));
  tcp.forEach((route, i) => checkTcpRoute(route, { path: `spec.tcp[${i}]`, isFromGatewayApi }, findings));
  checkExportTo(exportTo, { namespace, path: 'spec.exportTo' }, findings);
  checkReachability(spec, findings);
  return findings.list;
}

/** Routes that do something else than they seem to. */
export function adviseVirtualService({ spec }: Subject<VirtualService>): Finding[] {
  const advice = new Findings();
  for (const kind of ['http', 'tls', 'tcp'] as const) {
    spec[kind]?.forEach(({ route }, i) => adviseWeights(route, `spec.${kind}[${i}].route`, advice));
  }
  return advice.list;
}

function checkDelegate({ gateways, tls, tcp }: VirtualService, findings: Findings): void {
  const wrong = { gateways, tls, tcp };
  for (const [field, value] of Object.entries(wrong)) {
    if (value === undefined) continue;
    const message = `has no effect without hosts, which makes this a delegate: add hosts, or remove ${field}`;
    findings.error(`spec.${field}`, 'DelegateConflict', message);
  }
}

/** Claims of tokens are known at gateways only. */
function checkNoClaims({ http = [] }: VirtualService, findings: Findings): void {
  http.forEach(({ match = [] }, i) => {
    match.forEach((request, j) => {
      for (const field of ['headers', 'withoutHeaders'] as const) {
        for (const name of Object.keys(request[field] ?? {})) {
          if (!isJwtClaimHeader(name)) continue;
          const path = `spec.http[${i}].match[${j}].${field}[${JSON.stringify(name)}]`;
          const message = 'routes by a claim of a token, which only gateways can: name gateways other than mesh';
          findings.error(path, 'ClaimNeedsGateway', message);
        }
      }
    });
  });
}
