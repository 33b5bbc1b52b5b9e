import { describeAll } from '../../core/report/changes.ts';
import type { StagedRow } from '../../core/report/mesh-report.ts';
import { isEnded } from '../../core/steps/decide-step.ts';
import type { StepPhase } from '../../core/steps/step-plan.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { isColoured } from '../shell/colour.ts';
import { colourWords } from '../shell/colour-words.ts';
import type { Call, Runner } from '../shell/command.ts';
import { fetchChanges } from '../shell/fetch-changes.ts';
import { InputError } from '../shell/input-error.ts';
import type { Io } from '../shell/io.ts';
import { showLive } from '../shell/live-view.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { STAGED_STATUS_OPTIONS } from './options.ts';
import type { StagedKind } from './staged-kind.ts';
import { STAGED_WORDS, stagedText, type StagedColumns } from './staged-text.ts';

type Flags = Call<typeof STAGED_STATUS_OPTIONS>['flags'];

/** Reasons of what does not go on by itself, and is not what was asked for. */
const STALLED: ReadonlySet<string> = new Set(['Paused', 'RolledBack', 'Aborted', 'InvalidSpec']);

/** The command that tells how far resources of a kind are. @throws UsageError, InputError, ApiError */
export function statusRunner<R extends StagedRow>(
  kind: StagedKind<R>,
  columns: StagedColumns<R>,
): Runner<typeof STAGED_STATUS_OPTIONS> {
  return ({ flags, operands }, io) => {
    const [name, ...more] = operands;
    if (more.length > 0) throw new UsageError(`name one ${kind.kind}, or none`);
    const seconds = Number(flags.interval);
    if (!(seconds > 0)) throw new UsageError(`--interval takes a number of seconds, not "${flags.interval}"`);
    return withCluster(flags, async (api) => {
      const look = (): Promise<R[]> => fetchSome(api, kind, { name, namespace: flags.namespace });
      const toText = (found: R[]): string => asText(found, { flags, io, columns });
      if (flags.watch) return codeOf(await showLive(io, { ms: seconds * 1_000, look, toText, isLast }));
      const found = await look();
      io.out(toText(found));
      return codeOf(found);
    });
  };
}

async function fetchSome<R extends StagedRow>(
  api: Pick<KubeApi, 'list'>,
  kind: StagedKind<R>,
  { name, namespace }: { name: string | undefined; namespace: string | undefined },
): Promise<R[]> {
  const all = describeAll(await fetchChanges(api, kind, namespace), kind.describe);
  const found = name === undefined ? all : all.filter((row) => row.name === name);
  if (found.length > 0) return found;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  throw new InputError(`there is no ${kind.kind}${name === undefined ? '' : ` ${name}`}${where}`);
}

function asText<R extends StagedRow>(
  found: readonly R[],
  { flags, io, columns }: { flags: Flags; io: Io; columns: StagedColumns<R> },
): string {
  if (flags.output !== 'text') return toStructured(found, flags.output);
  const width = io.isTerminal ? io.columns : Infinity;
  const text = stagedText(found, columns, { width, now: Date.now() });
  return isColoured('auto', io) ? colourWords(text, STAGED_WORDS) : text;
}

function isLast(found: readonly StagedRow[]): boolean {
  return found.every(({ phase }) => isEnded({ phase: phase as StepPhase }));
}

function codeOf(found: readonly StagedRow[]): number {
  return found.some(({ reason }) => STALLED.has(reason)) ? 1 : 0;
}
