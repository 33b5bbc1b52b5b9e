import { POD_REASONS, type PodReason } from '../../../api/install/pod-reasons.ts';
import { timeOf, type ContainerSpec, type ContainerStatus, type Terminated, type Waiting } from './pod-view.ts';

/** One container with what is known of it. */
export interface Container {
  status: ContainerStatus;
  spec: ContainerSpec | undefined;
  /** One of the init containers. */
  isFirst: boolean;
  /** Has to end before the others start; a sidecar among the init containers has not. */
  isInit: boolean;
}

/** What is wrong, without whom it concerns. */
export interface Finding {
  reason: PodReason;
  /** As the status tells it; may be empty. */
  detail: string;
  /** It stays as it is unless somebody acts. Else it may only be slow. */
  isFailure: boolean;
}

/** After this long, what only starts or ends is told. */
export const PATIENCE_MS = 30_000;
/** Kubelets begin to count crashes anew after a container ran for this long. */
const LONG_RUN_MS = 10 * 60_000;

/** Names under which the same is told, so that the message does not change with every look. */
const SAME_AS: Readonly<Record<string, PodReason>> = {
  ErrImagePull: 'ImagePullBackOff',
  RegistryUnavailable: 'ImagePullBackOff',
  SignatureValidationFailed: 'ImagePullBackOff',
  PreCreateHookError: 'CreateContainerError',
  PreStartHookError: 'RunContainerError',
  StartError: 'RunContainerError',
  ContainerCannotRun: 'RunContainerError',
};
/** Reasons to wait of a container that is under way. Those that are new to us are waited for like these, and named. */
const UNDER_WAY: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);
const BACK_OFF = /^Back-off pulling image "[^"]*": ErrImagePull: /;

/** What keeps a container from running; nothing while it runs or is on its way. */
export function findContainerFailure(container: Container): Finding | undefined {
  const { waiting, terminated, running } = container.status.state ?? {};
  const last = container.status.lastState?.terminated;
  if (terminated) return terminated.exitCode === 0 && container.isInit ? undefined : crashOf(container, terminated);
  if (running) return isRestless(container, last) ? crashOf(container, last ?? {}) : undefined;
  return waiting && failureToStart(container, waiting);
}

function failureToStart(container: Container, { reason: word = '', message = '' }: Waiting): Finding | undefined {
  const reason = toPodReason(word);
  if (reason === undefined) return undefined;
  if (reason === 'CrashLoopBackOff') return crashOf(container, container.status.lastState?.terminated ?? {});
  const said = message.replace(BACK_OFF, '');
  const isNamed = word === reason || word === 'ErrImagePull';
  return { reason, detail: isNamed ? said : `${word}: ${said}`, isFailure: true };
}

/** As of when a pod is looked at, and since when it is as it is; in milliseconds since the epoch. */
export interface Times {
  now: number;
  /** When the pod came to its node. */
  placed: number;
  /** When it became unready last. */
  unready: number;
}

/** What a container takes long for. */
export function findSlowContainer(container: Container, times: Times): Finding | undefined {
  const { waiting, running } = container.status.state ?? {};
  if (waiting) return findSlowStart(waiting, times);
  if (!running || container.status.ready) return undefined;
  const startedAt = timeOf(running.startedAt) ?? times.now;
  if (container.isInit) return isLate(startedAt, times) ? slow('PodInitializing', sinceText(startedAt)) : undefined;
  const since = Math.max(startedAt + startWindow(container.spec), times.unready);
  if (!isLate(since, times)) return undefined;
  const probe = container.status.started === false && container.spec?.startupProbe ? 'startup' : 'readiness';
  return { reason: 'Unhealthy', detail: `${probe} probe`, isFailure: true };
}

function findSlowStart({ reason = '', message }: Waiting, times: Times): Finding | undefined {
  if (!isLate(times.placed, times)) return undefined;
  const said = UNDER_WAY.has(reason) ? [] : [reason, message];
  return slow('ContainerCreating', [...said, sinceText(times.placed)].filter(Boolean).join(': '));
}

function slow(reason: PodReason, detail: string): Finding {
  return { reason, detail, isFailure: false };
}

function isLate(since: number, { now }: Times): boolean {
  return now - since >= PATIENCE_MS;
}

/** For messages that tell since when, not how long: those change with every look. */
export function sinceText(time: number): string {
  return `since ${new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')}`;
}

function toPodReason(reason = ''): PodReason | undefined {
  const known = SAME_AS[reason] ?? reason;
  return Object.hasOwn(POD_REASONS, known) && !UNDER_WAY.has(known) ? (known as PodReason) : undefined;
}

function crashOf({ status, spec }: Container, { exitCode, reason = '', message = '' }: Terminated): Finding {
  const exit = exitCode === undefined ? '' : `last exit code ${exitCode}`;
  const fail = (word: PodReason, ...details: string[]): Finding => {
    return { reason: word, detail: details.filter(Boolean).join('; '), isFailure: true };
  };
  if (reason === 'OOMKilled') return fail('OOMKilled', exit, describeLimit(spec));
  if (SAME_AS[reason] === 'RunContainerError') return fail('RunContainerError', message.trim(), exit);
  const isAgain = Boolean(status.restartCount) || Boolean(status.state?.waiting);
  const how = [exit, reason].filter(Boolean).join(', ');
  return fail(isAgain ? 'CrashLoopBackOff' : 'Crashed', how, message.trim());
}

function describeLimit(spec: ContainerSpec | undefined): string {
  const limit = spec?.resources?.limits?.['memory'];
  return limit === undefined ? 'it has no memory limit: the node ran out' : `memory limit ${limit}`;
}

/** A container that runs now but ended soon before. After a long run it has not crashed: its node may have started anew. */
function isRestless({ status }: Container, last: Terminated | undefined): boolean {
  const [from, to] = [timeOf(last?.startedAt), timeOf(last?.finishedAt)];
  return !status.ready && from !== undefined && to !== undefined && to - from < LONG_RUN_MS;
}

/** How long the probes leave a container to become ready, in milliseconds. */
function startWindow(spec: ContainerSpec | undefined): number {
  const { startupProbe: startup, readinessProbe: readiness } = spec ?? {};
  const starting = startup
    ? (startup.initialDelaySeconds ?? 0) + (startup.periodSeconds ?? 10) * (startup.failureThreshold ?? 3)
    : 0;
  return 1_000 * (starting + (readiness?.initialDelaySeconds ?? 0));
}
