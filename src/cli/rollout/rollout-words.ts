import { ABORT_ANNOTATION, APPROVE_ANNOTATION, CLI_MANAGER, RESUME_ANNOTATION } from '../../api/our-names.ts';
import { PROXY_ROLLOUT } from '../../api/rollout/proxy-rollout.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import { findKeeper } from '../../core/plan/field-keeper.ts';
import { describeRollouts } from '../../core/report/rollouts.ts';
import type { RolloutRow } from '../../core/report/mesh-report.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Call } from '../shell/command.ts';
import { fetchRollouts } from '../shell/fetch-rollouts.ts';
import { InputError } from '../shell/input-error.ts';
import type { Io } from '../shell/io.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { ROLLOUT_WORD_OPTIONS } from './options.ts';

/** A rollout, and what of it is told. */
interface Known {
  resource: KubeObject;
  row: RolloutRow;
}

/** What is to be written to a rollout, and what to say of it. */
interface Word {
  /** A merge patch; left out where there is nothing to write. */
  patch?: JsonObject;
  said: string;
}

type WordCall = Call<typeof ROLLOUT_WORD_OPTIONS>;

/** Makes of a word, and of what it is about, what is to be written. @throws InputError */
type ToWord = (known: Known, wave: string | undefined) => Word;

/** `sailwright rollout pause`: the exit code. @throws UsageError, InputError, ApiError */
export function runPause(call: WordCall, io: Io): Promise<number> {
  return run(call, io, PAUSE);
}

/** `sailwright rollout resume`: the exit code. @throws UsageError, InputError, ApiError */
export function runResume(call: WordCall, io: Io): Promise<number> {
  return run(call, io, RESUME);
}

/** `sailwright rollout approve`: the exit code. @throws UsageError, InputError, ApiError */
export function runApprove(call: WordCall, io: Io): Promise<number> {
  return run(call, io, APPROVE);
}

/** `sailwright rollout abort`: the exit code. @throws UsageError, InputError, ApiError */
export function runAbort(call: WordCall, io: Io): Promise<number> {
  return run(call, io, ABORT);
}

export const PAUSE: ToWord = ({ resource, row }) =>
  row.isSuspended
    ? { said: 'is paused already' }
    : { patch: suspend(resource, true), said: 'begins nothing more until it is resumed' };

export const RESUME: ToWord = ({ resource, row }) => {
  const isStopped = row.phase === 'Paused';
  if (!row.isSuspended && !isStopped) return { said: 'is not paused' };
  const heard = { metadata: { annotations: { [RESUME_ANNOTATION]: new Date().toISOString() } } };
  const patch = { ...(row.isSuspended ? suspend(resource, false) : {}), ...(isStopped ? heard : {}) };
  return { patch, said: 'goes on' };
};

export const APPROVE: ToWord = ({ resource, row }, asked) => {
  const wave = asked ?? (row.reason === 'ApprovalRequired' ? row.wave : undefined);
  if (wave === undefined) throw new InputError(`no wave of ${nameOf(row)} waits for approval; name one`);
  const names = wavesOf(resource);
  if (!names.includes(wave)) throw new InputError(`${nameOf(row)} has no wave ${wave}: there is ${listSome(names)}`);
  const given = (resource.metadata.annotations?.[APPROVE_ANNOTATION] ?? '').split(',').map((name) => name.trim());
  if (given.includes(wave)) return { said: `has approval for wave ${wave} already` };
  const value = [...given.filter((name) => name !== ''), wave].join(',');
  return { patch: { metadata: { annotations: { [APPROVE_ANNOTATION]: value } } }, said: `may begin wave ${wave}` };
};

export const ABORT: ToWord = ({ row }) => {
  const patch = { metadata: { annotations: { [ABORT_ANNOTATION]: 'true' } } };
  const { previous, tag } = row.target ?? {};
  const back = previous === undefined ? 'ends where it is' : `ends, and tag ${tag} goes back to ${previous}`;
  return { patch, said: row.startedAt === undefined ? 'ends before it has begun' : back };
};

function run({ flags, operands }: WordCall, io: Io, toWord: ToWord): Promise<number> {
  const [name, wave, ...more] = operands;
  const most = toWord === APPROVE ? 2 : 1;
  if (name === undefined || more.length > 0 || operands.length > most) throw new UsageError('name one ProxyRollout');
  return withCluster(flags, async (api) => {
    io.out(await say(api, { name, namespace: flags.namespace, wave }, toWord));
    return 0;
  });
}

/** Says the word to a rollout: what to tell of it. @throws InputError, ApiError */
export async function say(
  api: KubeApi,
  { name, namespace, wave }: { name: string; namespace: string | undefined; wave?: string | undefined },
  toWord: ToWord,
): Promise<string> {
  const known = await findOne(api, name, namespace);
  const { patch, said } = toWord(known, wave);
  if (patch) await write(api, known, patch);
  return `ProxyRollout ${nameOf(known.row)} ${said}\n`;
}

const ENDED: ReadonlySet<string> = new Set(['Done', 'RolledBack', 'Aborted']);

async function findOne(api: KubeApi, name: string, namespace: string | undefined): Promise<Known> {
  const found = (await fetchRollouts(api, namespace)).filter(({ metadata }) => metadata.name === name);
  const rows = describeRollouts(found);
  const [resource] = found;
  const [row] = rows;
  if (!resource || !row)
    throw new InputError(`there is no ProxyRollout ${name}${namespace ? ` in namespace ${namespace}` : ''}`);
  if (rows.length > 1) throw new InputError(`there is ${listSome(rows.map(nameOf))}: say which by --namespace`);
  if (ENDED.has(row.phase))
    throw new InputError(`${nameOf(row)} has ended (${row.phase}), and is never taken up again: make a new one`);
  return { resource, row };
}

/** @throws InputError where a tool would put it back */
function suspend(resource: KubeObject, isSuspended: boolean): JsonObject {
  const keeper = findKeeper(resource, ['spec', 'suspend']);
  if (keeper !== undefined) {
    throw new InputError(`"${keeper}" keeps spec.suspend as it is in its source: write ${isSuspended} there`);
  }
  return { spec: { suspend: isSuspended } };
}

async function write(api: KubeApi, { row: { namespace, name } }: Known, patch: JsonObject): Promise<void> {
  try {
    const ref = { apiVersion: PROXY_ROLLOUT.apiVersion, kind: PROXY_ROLLOUT.kind, namespace, name };
    await api.patch(ref, patch, { type: 'merge', fieldManager: CLI_MANAGER });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new InputError(`ProxyRollout ${namespace}/${name} was not changed: ${error.message}`);
  }
}

/** A rollout without waves has one of all. */
function wavesOf({ spec }: KubeObject): string[] {
  const { waves = [] } = (spec ?? {}) as { waves?: { name: string }[] };
  return waves.length === 0 ? ['all'] : waves.map(({ name }) => name);
}

function nameOf({ namespace, name }: RolloutRow): string {
  return `${namespace}/${name}`;
}
