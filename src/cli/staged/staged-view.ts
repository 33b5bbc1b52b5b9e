import { isEnded } from '../../core/steps/decide-step.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { progressOf } from '../../core/staged/staged-status.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { isColoured } from '../shell/colour.ts';
import { colourWords } from '../shell/colour-words.ts';
import type { Call, Runner } from '../shell/command.ts';
import { InputError } from '../shell/input-error.ts';
import type { Io } from '../shell/io.ts';
import { showLive } from '../shell/live-view.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { STAGED_STATUS_OPTIONS } from './options.ts';
import { fetchStaged, isSuspended, nameOf, reasonOf, statusOf, type StagedKind } from './staged-kind.ts';
import { stagedText, type StagedColumns } from './staged-text.ts';

type Flags = Call<typeof STAGED_STATUS_OPTIONS>['flags'];

/** Reasons of what does not go on by itself, and is not what was asked for. */
const STALLED: ReadonlySet<string> = new Set(['Paused', 'RolledBack', 'Aborted', 'InvalidSpec']);
/** Words by what they mean. */
const WORDS = {
  good: ['Done', 'good'],
  odd: ['Waiting', 'Acting', 'Soaking', 'RollingBack', 'unknown', 'silent'],
  bad: ['Paused', 'RolledBack', 'Aborted', 'Invalid', 'bad'],
};

/** The command that tells how far resources of a kind are. @throws UsageError, InputError, ApiError */
export function statusRunner(kind: StagedKind, columns: StagedColumns): Runner<typeof STAGED_STATUS_OPTIONS> {
  return ({ flags, operands }, io) => {
    const [name, ...more] = operands;
    if (more.length > 0) throw new UsageError(`name one ${kind.kind}, or none`);
    const seconds = Number(flags.interval);
    if (!(seconds > 0)) throw new UsageError(`--interval takes a number of seconds, not "${flags.interval}"`);
    return withCluster(flags, async (api) => {
      const look = (): Promise<KubeObject[]> => fetchSome(api, kind, { name, namespace: flags.namespace });
      const toText = (found: KubeObject[]): string => asText(found, { flags, io, columns });
      if (flags.watch) return codeOf(await showLive(io, { ms: seconds * 1_000, look, toText, isLast }));
      const found = await look();
      io.out(toText(found));
      return codeOf(found);
    });
  };
}

async function fetchSome(
  api: Pick<KubeApi, 'list'>,
  kind: StagedKind,
  { name, namespace }: { name: string | undefined; namespace: string | undefined },
): Promise<KubeObject[]> {
  const all = await fetchStaged(api, kind, namespace);
  const found = name === undefined ? all : all.filter(({ metadata }) => metadata.name === name);
  if (found.length > 0) return found.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  throw new InputError(`there is no ${kind.kind}${name === undefined ? '' : ` ${name}`}${where}`);
}

function asText(
  found: readonly KubeObject[],
  { flags, io, columns }: { flags: Flags; io: Io; columns: StagedColumns },
): string {
  if (flags.output !== 'text') return toStructured(found.map(asData), flags.output);
  const width = io.isTerminal ? io.columns : Infinity;
  const text = stagedText(found, columns, { width, now: Date.now() });
  return isColoured('auto', io) ? colourWords(text, WORDS) : text;
}

/** For programs: the status, with what names it. */
export function asData(resource: KubeObject): object {
  const { conditions: _, ...status } = statusOf(resource);
  const { namespace = '', name } = resource.metadata;
  return { namespace, name, reason: reasonOf(resource), isSuspended: isSuspended(resource), ...status };
}

function isLast(found: readonly KubeObject[]): boolean {
  return found.every((resource) => {
    const progress = progressOf(statusOf(resource));
    return progress !== undefined && isEnded(progress);
  });
}

function codeOf(found: readonly KubeObject[]): number {
  return found.some((resource) => STALLED.has(reasonOf(resource))) ? 1 : 0;
}
