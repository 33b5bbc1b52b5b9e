import { setTimeout as pause } from 'node:timers/promises';
import { computeReport } from '../../core/report/compute-report.ts';
import { isHealthy, toMeshStatus, type MeshStatus } from './mesh-status.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { readCertificate } from '../../runtime/read-certificate.ts';
import { VERSION } from '../../version.ts';
import { fetchMesh } from '../mesh/fetch-mesh.ts';
import { isColoured } from '../shell/colour.ts';
import type { Call } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { STATUS_OPTIONS } from './options.ts';
import { statusText } from './status-text.ts';

type Flags = Call<typeof STATUS_OPTIONS>['flags'];

/** Back to the first line; what stands below the new text goes. */
const HOME = '\u001b[H';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_REST_OF_LINE = '\u001b[K';

/** `sailwright status`: the exit code. @throws UsageError, ApiError */
export async function runStatus({ flags }: Call<typeof STATUS_OPTIONS>, io: Io): Promise<number> {
  const seconds = Number(flags.interval);
  if (!(seconds > 0)) throw new UsageError(`--interval takes a number of seconds, not "${flags.interval}"`);
  return withCluster(flags, async (api) => {
    if (flags.watch) return watch(api, { flags, io, ms: seconds * 1000 });
    const status = await fetchStatus(api, flags.istioNamespace);
    io.out(asText(status, flags, io));
    return isHealthy(status) ? 0 : 1;
  });
}

/** Reads the cluster and gathers what there is to say. @throws ApiError */
export async function fetchStatus(api: Pick<KubeApi, 'list'>, istioNamespace: string): Promise<MeshStatus> {
  const mesh = await fetchMesh(api, { istioNamespace });
  const source = { kind: 'cluster', name: '', sailwright: VERSION } as const;
  const report = computeReport({ source, mesh, surroundings: { now: Date.now(), readCertificate } });
  return toMeshStatus(report, mesh.objects, readCertificate);
}

function asText(status: MeshStatus, { output }: Flags, io: Io): string {
  if (output !== 'text') return toStructured(status, output);
  const columns = io.isTerminal ? io.columns : Infinity;
  return statusText(status, { columns, isColoured: isColoured('auto', io) });
}

interface Watching {
  flags: Flags;
  io: Io;
  ms: number;
}

/** Until Ctrl-C. On a terminal each look takes the place of the one before; elsewhere only what is new is printed. */
async function watch(api: KubeApi, { flags, io, ms }: Watching): Promise<never> {
  let told = '';
  if (io.isTerminal) io.out(`${HOME}${CLEAR_BELOW}`);
  for (;;) {
    const status = await fetchStatus(api, flags.istioNamespace);
    const text = asText(status, flags, io);
    const lines = text.replaceAll('\n', `${CLEAR_REST_OF_LINE}\n`);
    if (io.isTerminal) io.out(`${HOME}${lines}${CLEAR_BELOW}`);
    else if (withoutTime(text) !== told) io.out(`${text}\n`);
    told = withoutTime(text);
    await pause(ms);
  }
}

/** Ages grow by themselves. */
function withoutTime(text: string): string {
  return text.replaceAll(/\d+[smhd]\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
}
