import { describeRollouts } from '../../core/report/rollouts.ts';
import type { RolloutRow } from '../../core/report/mesh-report.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { isColoured } from '../shell/colour.ts';
import type { Call } from '../shell/command.ts';
import { fetchRollouts } from '../shell/fetch-rollouts.ts';
import { InputError } from '../shell/input-error.ts';
import type { Io } from '../shell/io.ts';
import { showLive } from '../shell/live-view.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { ROLLOUT_STATUS_OPTIONS } from './options.ts';
import { rolloutsText } from './rollout-text.ts';

type Flags = Call<typeof ROLLOUT_STATUS_OPTIONS>['flags'];

/** `sailwright rollout status`: the exit code. @throws UsageError, InputError, ApiError */
export async function runRolloutStatus(
  { flags, operands }: Call<typeof ROLLOUT_STATUS_OPTIONS>,
  io: Io,
): Promise<number> {
  const [name, ...more] = operands;
  if (more.length > 0) throw new UsageError('name one ProxyRollout, or none');
  const seconds = Number(flags.interval);
  if (!(seconds > 0)) throw new UsageError(`--interval takes a number of seconds, not "${flags.interval}"`);
  return withCluster(flags, async (api) => {
    const look = (): Promise<RolloutRow[]> => fetchRows(api, { name, namespace: flags.namespace });
    const toText = (rows: RolloutRow[]): string => asText(rows, flags, io);
    if (flags.watch) return codeOf(await showLive(io, { ms: seconds * 1_000, look, toText, isLast }));
    const rows = await look();
    io.out(toText(rows));
    return codeOf(rows);
  });
}

async function fetchRows(
  api: Pick<KubeApi, 'list'>,
  { name, namespace }: { name: string | undefined; namespace: string | undefined },
): Promise<RolloutRow[]> {
  const rows = describeRollouts(await fetchRollouts(api, namespace));
  const found = name === undefined ? rows : rows.filter((row) => row.name === name);
  if (found.length > 0) return found;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  throw new InputError(`there is no ProxyRollout${name === undefined ? '' : ` ${name}`}${where}`);
}

function asText(rows: RolloutRow[], { output }: Flags, io: Io): string {
  if (output !== 'text') return toStructured(rows, output);
  const columns = io.isTerminal ? io.columns : Infinity;
  return rolloutsText(rows, { columns, isColoured: isColoured('auto', io), now: Date.now() });
}

const ENDED: ReadonlySet<string> = new Set(['Done', 'RolledBack', 'Aborted']);
/** What does not go on by itself, and is not what was asked for. */
const STALLED: ReadonlySet<string> = new Set(['Paused', 'RolledBack', 'Aborted', 'InvalidSpec']);

function isLast(rows: readonly RolloutRow[]): boolean {
  return rows.every(({ phase }) => ENDED.has(phase));
}

function codeOf(rows: readonly RolloutRow[]): number {
  return rows.some(({ reason }) => STALLED.has(reason)) ? 1 : 0;
}
