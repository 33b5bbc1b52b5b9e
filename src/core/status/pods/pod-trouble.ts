import type { KubeObject } from '../../kube-object.ts';
import {
  findContainerFailure,
  findSlowContainer,
  PATIENCE_MS,
  sinceText,
  type Container,
  type Finding,
} from './container-trouble.ts';
import { conditionOf } from '../live-condition.ts';
import { timeOf, viewPod, type ContainerStatus, type PodView } from './pod-view.ts';

/** Why one pod does not run. */
export interface PodTrouble extends Finding {
  pod: PodView;
  /** `container discovery`, `init container istio-init`; absent for what concerns the pod as a whole. */
  container?: string;
}

type FoundOf = Finding & Pick<PodTrouble, 'container'>;

/** In the order in which one hides the next. */
const FINDERS: readonly ((pod: PodView, now: number) => FoundOf | undefined)[] = [
  findEnded,
  findUnscheduled,
  findFailed,
  findLost,
  findGated,
  findSlow,
];

/** Why a pod does not come up, by its own status at `now`; nothing for a pod that is ready, or on its way. */
export function findPodTrouble(object: KubeObject, now: number): PodTrouble | undefined {
  const pod = viewPod(object);
  if (pod.metadata['deletionTimestamp'] !== undefined) {
    const stuck = findStuck(pod, now);
    return stuck && { pod, ...stuck };
  }
  if (conditionOf(pod, 'Ready')?.status === 'True') return undefined;
  for (const find of FINDERS) {
    const found = find(pod, now);
    if (found) return { pod, ...found };
  }
  return undefined;
}

/** `deletionTimestamp` is when the pod has to have ended. In a DaemonSet no other takes its place before. */
function findStuck({ metadata }: PodView, now: number): FoundOf | undefined {
  const due = timeOf(metadata['deletionTimestamp']);
  if (due === undefined || now - due < PATIENCE_MS) return undefined;
  const owners = Array.isArray(metadata['ownerReferences']) ? (metadata['ownerReferences'] as { kind: string }[]) : [];
  const finalizers = Array.isArray(metadata['finalizers']) ? metadata['finalizers'].map(String) : [];
  const held = finalizers.length > 0 ? `; held by ${finalizers.join(', ')}` : '';
  const isFailure = owners.some(({ kind }) => kind === 'DaemonSet');
  return { reason: 'StuckTerminating', detail: `${sinceText(due)}${held}`, isFailure };
}

function findEnded({ status: { phase, reason, message } }: PodView): FoundOf | undefined {
  if (phase !== 'Failed') return undefined;
  return { reason: 'PodFailed', detail: [reason, message].filter(Boolean).join(': '), isFailure: false };
}

function findUnscheduled(pod: PodView): FoundOf | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  const reason = scheduled.reason === 'SchedulingGated' ? 'SchedulingGated' : 'Unschedulable';
  return { reason, detail: scheduled.message ?? '', isFailure: true };
}

function findFailed(pod: PodView): FoundOf | undefined {
  return findIn(listContainers(pod), findContainerFailure);
}

/**
 * The controller of nodes takes readiness from the pods of a lost node and leaves the containers as they were last; a
 * pod that came to it later has none.
 */
function findLost(pod: PodView, now: number): FoundOf | undefined {
  if (pod.spec.nodeName === undefined) return undefined;
  const isLeft = conditionOf(pod, 'ContainersReady')?.status === 'True' && !pod.spec.readinessGates?.length;
  const isUntouched = listContainers(pod).length === 0 && now - placedAt(pod, now) >= PATIENCE_MS;
  if (!isLeft && !isUntouched) return undefined;
  return { reason: 'NodeNotReady', detail: `node ${pod.spec.nodeName}`, isFailure: true };
}

function findGated(pod: PodView): FoundOf | undefined {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.reason !== 'ReadinessGatesNotReady') return undefined;
  return { reason: 'ReadinessGatesNotReady', detail: ready.message ?? '', isFailure: false };
}

function findSlow(pod: PodView, now: number): FoundOf | undefined {
  const times = {
    now,
    placed: placedAt(pod, now),
    unready: timeOf(conditionOf(pod, 'Ready')?.lastTransitionTime) ?? now,
  };
  const containers = listContainers(pod);
  const blocker = containers.find(isAwaited);
  return findIn(blocker ? [blocker] : containers, (container) => findSlowContainer(container, times));
}

/** Whether the containers after it wait for it: until it has ended or, as a sidecar, started. */
function isAwaited({ status, isInit, isFirst }: Container): boolean {
  if (!isFirst) return false;
  return isInit ? !status.state?.terminated : !status.started;
}

function findIn(
  containers: readonly Container[],
  find: (container: Container) => Finding | undefined,
): FoundOf | undefined {
  for (const container of containers) {
    const found = find(container);
    const kind = container.isInit ? 'init container' : 'container';
    if (found) return { ...found, container: `${kind} ${container.status.name}` };
  }
  return undefined;
}

/** Init containers first: the others wait for them. */
function listContainers({ spec, status }: PodView): Container[] {
  const join = (one: ContainerStatus, isFirst: boolean): Container => {
    const specs = (isFirst ? spec.initContainers : spec.containers) ?? [];
    const own = specs.find(({ name }) => name === one.name);
    return { status: one, spec: own, isFirst, isInit: isFirst && own?.restartPolicy !== 'Always' };
  };
  return [
    ...(status.initContainerStatuses ?? []).map((one) => join(one, true)),
    ...(status.containerStatuses ?? []).map((one) => join(one, false)),
  ];
}

function placedAt(pod: PodView, now: number): number {
  return (
    timeOf(conditionOf(pod, 'PodScheduled')?.lastTransitionTime) ?? timeOf(pod.metadata['creationTimestamp']) ?? now
  );
}
