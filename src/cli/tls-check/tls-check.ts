import { KIND, type Kind } from '../../core/analyze/kinds.ts';
import { findDestinations, nearestHost, parseHost } from '../../core/mtls/find-host.ts';
import { TlsChecker, type TlsCheck } from '../../core/mtls/tls-check.ts';
import type { Workload } from '../../core/mtls/workload.ts';
import { findNamed, parsePodName } from '../mesh/find-pod.ts';
import { readMesh } from '../mesh/read-mesh.ts';
import type { Call } from '../shell/command.ts';
import { InputError } from '../shell/input-error.ts';
import { report, type Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { TLS_CHECK_OPTIONS } from './options.ts';
import { checkJson } from './check-json.ts';
import { checkText } from './check-text.ts';

/** All that decides about TLS between two pods. */
export const TLS_KINDS: readonly Kind[] = [
  KIND.namespace,
  KIND.pod,
  KIND.service,
  KIND.configMap,
  KIND.serviceEntry,
  KIND.destinationRule,
  KIND.peerAuthentication,
  KIND.sidecar,
];

/** `sailwright authn tls-check`: 1 when something is in conflict. @throws UsageError, InputError, ApiError */
export async function runTlsCheck({ flags, operands }: Call<typeof TLS_CHECK_OPTIONS>, io: Io): Promise<number> {
  const [pod, host] = operands;
  if (pod === undefined) throw new UsageError('name the pod that calls: POD.NAMESPACE');
  const { world, notes } = await readMesh(flags, TLS_KINDS);
  const checker = new TlsChecker(world);
  const client = findNamed(checker.workloads, 'pod', parsePodName(pod, flags.namespace));
  const checks = host === undefined ? checker.check(client) : checkHost(checker, client, host);
  const { output } = flags;
  io.out(output === 'text' ? checkText(client, checks, io.columns) : toStructured(checkJson(client, checks), output));
  report(io, { notes });
  return checks.some(({ status }) => status === 'CONFLICT') ? 1 : 0;
}

function checkHost(checker: TlsChecker, client: Workload, text: string): TlsCheck[] {
  const { host, port } = parseHost(text);
  const destinations = findDestinations(checker.destinations, host, client.namespace);
  if (destinations.length === 0) {
    const meant = nearestHost(checker.destinations, host, client.namespace);
    const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
    throw new InputError(`no Service or ServiceEntry has the host ${host}${hint}`);
  }
  const checks = checker.check(client, destinations).filter((each) => port === undefined || each.port === port);
  if (checks.length > 0) return checks;
  const ports = destinations.flatMap((each) => each.ports.map(({ number }) => number));
  const known = ports.length === 0 ? 'it has no TCP port' : `it has ${[...new Set(ports)].join(', ')}`;
  throw new InputError(`${destinations[0]?.host ?? host} has no port ${String(port ?? '')}: ${known}`);
}
