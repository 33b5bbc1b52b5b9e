import { computeReport } from '../../core/report/compute-report.ts';
import { isHealthy, toMeshStatus, type MeshStatus } from './mesh-status.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { readCertificate } from '../../runtime/read-certificate.ts';
import { VERSION } from '../../version.ts';
import { fetchMesh } from '../mesh/fetch-mesh.ts';
import { isColoured } from '../shell/colour.ts';
import type { Call } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import { showLive } from '../shell/live-view.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { STATUS_OPTIONS } from './options.ts';
import { statusText } from './status-text.ts';

type Flags = Call<typeof STATUS_OPTIONS>['flags'];

/** `sailwright status`: the exit code. @throws UsageError, ApiError */
export async function runStatus({ flags }: Call<typeof STATUS_OPTIONS>, io: Io): Promise<number> {
  const seconds = Number(flags.interval);
  if (!(seconds > 0)) throw new UsageError(`--interval takes a number of seconds, not "${flags.interval}"`);
  return withCluster(flags, async (api) => {
    const look = (): Promise<MeshStatus> => fetchStatus(api, flags.istioNamespace);
    const toText = (status: MeshStatus): string => asText(status, flags, io);
    if (flags.watch) await showLive(io, { ms: seconds * 1000, look, toText, isLast: () => false });
    const status = await look();
    io.out(toText(status));
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
