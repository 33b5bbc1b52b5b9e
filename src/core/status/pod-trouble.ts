import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { conditionOf } from './workload-health.ts';

/** Why a pod is not ready. */
export interface PodTrouble {
  /** Whether something is wrong with it; else it takes its time. */
  isFailure: boolean;
  /** Pod, container and reason, in the kubelet's words where it has some, and where to look. */
  text: string;
}

const FAILURES = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);
/** What starts is not ready at first; longer than this is worth a word. */
const PATIENCE_MS = 15_000;

/** Why a pod does not start or does not become ready; undefined while there is nothing to tell. `now` in milliseconds. */
export function findPodTrouble(pod: KubeObject, now: number): PodTrouble | undefined {
  const status = isJsonObject(pod['status']) ? pod['status'] : {};
  const [init, main] = ['initContainerStatuses', 'containerStatuses'].map((field) => objectsAt(status, field));
  const containers = [...(init ?? []), ...(main ?? [])];
  const failed = containers.map((container) => findFailure(pod, container)).find((text) => text !== undefined);
  if (failed !== undefined) return { isFailure: true, text: failed };
  const scheduled = conditionOf(status, 'PodScheduled');
  if (scheduled?.['status'] === 'False') {
    const text = `pod ${pod.metadata.name}: ${textOf(scheduled['reason'])} (${textOf(scheduled['message'])})`;
    return { isFailure: true, text };
  }
  // Init containers are done when they are not running: being ready is nothing to them.
  const slow = (main ?? []).find((container) => isLongUnready(container, now));
  if (slow === undefined) return undefined;
  return { isFailure: false, text: `${nameOf(pod, slow)}: it runs, but is not ready; see ${logsOf(pod, slow)}` };
}

function findFailure(pod: KubeObject, container: Record<string, unknown>): string | undefined {
  const waiting = objectAt(objectAt(container, 'state'), 'waiting');
  const reason = textOf(waiting['reason']);
  if (!FAILURES.has(reason)) return undefined;
  const detail = textOf(waiting['message']);
  const text = `${nameOf(pod, container)}: ${reason}${detail ? ` (${detail})` : ''}`;
  return reason === 'CrashLoopBackOff'
    ? `${text}${lastEnd(container)}; see ${logsOf(pod, container)} --previous`
    : text;
}

/** How it ended before it was started again: `OOMKilled` tells more than any log. */
function lastEnd(container: Record<string, unknown>): string {
  const ended = objectAt(objectAt(container, 'lastState'), 'terminated');
  if (typeof ended['exitCode'] !== 'number') return '';
  return `, last ended with exit code ${ended['exitCode']} (${textOf(ended['reason'])})`;
}

function isLongUnready(container: Record<string, unknown>, now: number): boolean {
  if (container['ready'] !== false) return false;
  const started = Date.parse(textOf(objectAt(objectAt(container, 'state'), 'running')['startedAt']));
  return now - started >= PATIENCE_MS;
}

function nameOf(pod: KubeObject, container: Record<string, unknown>): string {
  return `pod ${pod.metadata.name}, container ${textOf(container['name'])}`;
}

function logsOf({ metadata }: KubeObject, container: Record<string, unknown>): string {
  return `kubectl -n ${metadata.namespace ?? ''} logs ${metadata.name} -c ${textOf(container['name'])}`;
}

function objectAt(parent: Record<string, unknown>, field: string): Record<string, unknown> {
  const value = parent[field];
  return isJsonObject(value) ? value : {};
}

function objectsAt(parent: Record<string, unknown>, field: string): Record<string, unknown>[] {
  const value = parent[field];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
