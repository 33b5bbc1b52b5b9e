import { ABORT_ANNOTATION, APPROVE_ANNOTATION, CLI_MANAGER, RESUME_ANNOTATION } from '../../api/our-names.ts';
import { isEnded } from '../../core/steps/decide-step.ts';
import { refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import { findKeeper } from '../../core/plan/field-keeper.ts';
import { progressOf } from '../../core/staged/staged-status.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Call, Runner } from '../shell/command.ts';
import { fetchChanges } from '../shell/fetch-changes.ts';
import { InputError } from '../shell/input-error.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { STAGED_WORD_OPTIONS } from './options.ts';
import { isSuspended, nameOf, reasonOf, statusOf, type StagedKind } from './staged-kind.ts';

/** What is to be written to a resource, and what to say of it. */
interface Word {
  /** A merge patch; left out where there is nothing to write. */
  patch?: JsonObject;
  said: string;
}

/** Makes of a word, and of what it is about, what is to be written. @throws InputError */
export type ToWord = (resource: KubeObject, kind: StagedKind, step: string | undefined) => Word;

export const PAUSE: ToWord = (resource) =>
  isSuspended(resource)
    ? { said: 'is paused already' }
    : { patch: suspend(resource, true), said: 'begins nothing more until it is resumed' };

export const RESUME: ToWord = (resource) => {
  const isStopped = statusOf(resource).phase === 'Paused';
  const isHeld = isSuspended(resource);
  if (!isHeld && !isStopped) return { said: 'is not paused' };
  const heard = { metadata: { annotations: { [RESUME_ANNOTATION]: new Date().toISOString() } } };
  return { patch: { ...(isHeld ? suspend(resource, false) : {}), ...(isStopped ? heard : {}) }, said: 'goes on' };
};

export const APPROVE: ToWord = (resource, { stepsOf }, asked) => {
  const names = stepsOf(resource);
  const waiting = reasonOf(resource) === 'ApprovalRequired' ? names[statusOf(resource).step ?? 0] : undefined;
  const step = asked ?? waiting;
  if (step === undefined) throw new InputError(`no step of ${nameOf(resource)} waits for approval; name one`);
  if (!names.includes(step))
    throw new InputError(`${nameOf(resource)} has no step ${step}: there is ${listSome(names)}`);
  const given = (resource.metadata.annotations?.[APPROVE_ANNOTATION] ?? '').split(',').map((name) => name.trim());
  if (given.includes(step)) return { said: `has approval for step ${step} already` };
  const value = [...given.filter((name) => name !== ''), step].join(',');
  return { patch: { metadata: { annotations: { [APPROVE_ANNOTATION]: value } } }, said: `may begin step ${step}` };
};

export const ABORT: ToWord = (resource, { afterAbort }) => {
  const patch = { metadata: { annotations: { [ABORT_ANNOTATION]: 'true' } } };
  const hasBegun = statusOf(resource).startedAt !== undefined;
  return { patch, said: hasBegun ? afterAbort(resource) : 'ends before its first step' };
};

/** The command that says a word. @throws UsageError, InputError, ApiError */
export function wordRunner(kind: StagedKind, toWord: ToWord): Runner<typeof STAGED_WORD_OPTIONS> {
  return async ({ flags, operands }: Call<typeof STAGED_WORD_OPTIONS>, io) => {
    const [name, step, ...more] = operands;
    const takesStep = toWord === APPROVE;
    if (name === undefined || more.length > 0 || (step !== undefined && !takesStep)) {
      throw new UsageError(`name one ${kind.kind}${takesStep ? ', and a step if you like' : ''}`);
    }
    const said = await withCluster(flags, (api) => say(api, kind, { toWord, name, step, namespace: flags.namespace }));
    io.out(`${said}\n`);
    return 0;
  };
}

/** Says a word to a resource, and tells what came of it. @throws InputError, ApiError */
export async function say(
  api: Pick<KubeApi, 'list' | 'patch'>,
  kind: StagedKind,
  {
    toWord,
    name,
    step,
    namespace,
  }: { toWord: ToWord; name: string; step?: string | undefined; namespace?: string | undefined },
): Promise<string> {
  const resource = await findOne(api, kind, { name, namespace });
  const { patch, said } = toWord(resource, kind, step);
  if (patch) await write(api, resource, patch);
  return `${kind.kind} ${nameOf(resource)} ${said}`;
}

async function findOne(
  api: Pick<KubeApi, 'list'>,
  kind: StagedKind,
  { name, namespace }: { name: string; namespace: string | undefined },
): Promise<KubeObject> {
  const found = (await fetchChanges(api, kind, namespace)).filter(({ metadata }) => metadata.name === name);
  const [resource] = found;
  if (!resource) {
    throw new InputError(`there is no ${kind.kind} ${name}${namespace ? ` in namespace ${namespace}` : ''}`);
  }
  if (found.length > 1) throw new InputError(`there is ${listSome(found.map(nameOf))}: say which by --namespace`);
  const progress = progressOf(statusOf(resource));
  if (progress && isEnded(progress)) {
    throw new InputError(
      `${nameOf(resource)} has ended (${progress.phase}), and is never taken up again: make a new one`,
    );
  }
  return { ...resource, apiVersion: kind.apiVersion, kind: kind.kind };
}

/** @throws InputError where a tool would put it back */
function suspend(resource: KubeObject, value: boolean): JsonObject {
  const keeper = findKeeper(resource, ['spec', 'suspend']);
  if (keeper === undefined) return { spec: { suspend: value } };
  throw new InputError(`"${keeper}" keeps spec.suspend as it is in its source: write ${value} there`);
}

async function write(api: Pick<KubeApi, 'patch'>, resource: KubeObject, patch: JsonObject): Promise<void> {
  try {
    await api.patch(refOf(resource), patch, { type: 'merge', fieldManager: CLI_MANAGER });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new InputError(`${resource.kind} ${nameOf(resource)} was not changed: ${error.message}`);
  }
}
