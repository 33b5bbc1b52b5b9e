import type { HttpHealthCheckConfig, ReadinessProbe } from '../../../api/networking/readiness-probe.ts';
import type { Findings } from '../findings.ts';
import { findProbeHeaderNameFault } from '../rules/http-header.ts';
import { findPortFault } from '../rules/port.ts';

const TIMES = [
  'periodSeconds',
  'initialDelaySeconds',
  'timeoutSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** Records what is wrong with how the health of a workload is found out. */
export function checkReadinessProbe(probe: ReadinessProbe, path: string, findings: Findings): void {
  for (const field of TIMES) {
    const value = probe[field] ?? 0;
    if (value < 0) findings.error(`${path}.${field}`, 'NumberNegative', `${value} must not be negative`);
  }
  const { httpGet, tcpSocket, exec } = probe;
  if (httpGet) checkHttpGet(httpGet, `${path}.httpGet`, findings);
  else if (tcpSocket) findings.check(`${path}.tcpSocket.port`, findPortFault(tcpSocket.port));
  else if (!exec) findings.error(path, 'ProbeMissing', 'needs httpGet, tcpSocket or exec; Istio takes no other method');
  else if (exec.command === undefined) findings.error(`${path}.exec.command`, 'CommandMissing', 'must name a command');
}

function checkHttpGet(
  { port, scheme = '', httpHeaders = [] }: HttpHealthCheckConfig,
  path: string,
  findings: Findings,
): void {
  findings.check(`${path}.port`, findPortFault(port));
  if (scheme !== '' && scheme !== 'HTTP' && scheme !== 'HTTPS') {
    findings.error(`${path}.scheme`, 'SchemeInvalid', `${JSON.stringify(scheme)} must be HTTP or HTTPS, in capitals`);
  }
  httpHeaders.forEach(({ name = '' }, i) => {
    findings.check(`${path}.httpHeaders[${i}].name`, findProbeHeaderNameFault(name));
  });
}
