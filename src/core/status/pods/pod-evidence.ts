import { isJsonObject, type KubeObject } from '../../kube-object.ts';
import { sinceText } from './container-trouble.ts';
import type { PodTrouble } from './pod-trouble.ts';
import { conditionOf } from '../live-condition.ts';
import { timeOf } from './pod-view.ts';
import type { PodReason } from '../../../api/install/pod-reasons.ts';

/** What a pod's status does not tell. */
export interface Evidence {
  /** The pod's node; `undefined` when there is none of that name, left out when nobody looked. */
  node?: KubeObject | undefined;
  /** Warnings about the pod. */
  events?: readonly KubeObject[];
}

/** Where to look for more about a trouble; nowhere when the pod tells it all. */
export function listWitnesses({ reason, pod }: PodTrouble): readonly ('node' | 'events')[] {
  const node = pod.spec.nodeName === undefined ? [] : (['node'] as const);
  switch (reason) {
    case 'NodeNotReady':
    case 'StuckTerminating':
      return node;
    case 'Unhealthy':
    case 'ContainerCreating':
      return [...node, 'events'];
    default:
      return [];
  }
}

const TELLING = {
  Unhealthy: ['Unhealthy'],
  ContainerCreating: ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox', 'NetworkNotReady'],
} as const satisfies Partial<Record<PodReason, readonly PodReason[]>>;
/** Kubelets repeat a warning every few minutes as long as it holds. */
const FRESH_MS = 5 * 60_000;

/** The trouble as it is with what was found out; nothing when that dispels it. */
export function settleTrouble(trouble: PodTrouble, evidence: Evidence, now: number): PodTrouble | undefined {
  const { events = [] } = evidence;
  const lost = 'node' in evidence ? describeLostNode(trouble.pod.spec.nodeName ?? '', evidence.node) : undefined;
  switch (trouble.reason) {
    case 'NodeNotReady':
      return lost === undefined ? undefined : { ...trouble, detail: lost };
    case 'StuckTerminating':
      return lost === undefined ? trouble : { ...trouble, detail: `${trouble.detail}; ${lost}` };
    case 'Unhealthy':
    case 'ContainerCreating': {
      // A pod that was not ready yet when its node was lost looks as if it still came up.
      if (lost !== undefined) return { pod: trouble.pod, reason: 'NodeNotReady', detail: lost, isFailure: true };
      const reasons = TELLING[trouble.reason];
      const told = findLatestEvent(events, reasons, now - FRESH_MS);
      return told ? { ...trouble, ...told, isFailure: true } : trouble;
    }
    default:
      return trouble;
  }
}

/** The newest of these events that was seen at or after a time. */
export function findLatestEvent<Reason extends string>(
  events: readonly KubeObject[],
  reasons: readonly Reason[],
  notBefore: number,
): { reason: Reason; detail: string } | undefined {
  const told = events
    .flatMap((event) => {
      const reason = reasons.find((candidate) => candidate === event['reason']);
      const at = seenAt(event);
      return reason !== undefined && at >= notBefore ? [{ reason, at, message: event['message'] }] : [];
    })
    .sort((a, b) => b.at - a.at)[0];
  return told && { reason: told.reason, detail: typeof told.message === 'string' ? told.message.trim() : '' };
}

/** Recorders of two generations note the time in different fields. */
function seenAt(event: KubeObject): number {
  const series = isJsonObject(event['series']) ? event['series']['lastObservedTime'] : undefined;
  const times = [series, event['lastTimestamp'], event['eventTime'], event.metadata['creationTimestamp']];
  return Math.max(0, ...times.flatMap((time) => timeOf(time) ?? []));
}

/** What is wrong with the node; nothing when it answers. */
function describeLostNode(name: string, node: KubeObject | undefined): string | undefined {
  if (!node) return `node ${name} does not exist any more`;
  const ready = conditionOf(node, 'Ready');
  if (ready?.status === 'True') return undefined;
  const since = timeOf(ready?.lastTransitionTime);
  const why = [ready?.reason, ready?.message].filter(Boolean).join(': ');
  return [`node ${name}`, why, ...(since === undefined ? [] : [sinceText(since)])].filter(Boolean).join(', ');
}
