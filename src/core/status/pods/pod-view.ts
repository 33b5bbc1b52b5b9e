// What is read of a pod, in the shapes of core/v1. All of it may be missing: kubelets fill it in little by little.
import type { KubeObject } from '../../kube-object.ts';
import { conditionOf, type Condition } from '../live-condition.ts';

/** One entry of `containerStatuses` or `initContainerStatuses`. */
export interface ContainerStatus {
  name: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface ContainerState {
  waiting?: Waiting;
  running?: { startedAt?: string };
  terminated?: Terminated;
}

/** Why a container does not run. */
export interface Waiting {
  reason?: string;
  message?: string;
}

/** How a container ended. Times in RFC 3339. */
export interface Terminated {
  exitCode?: number;
  reason?: string;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
}

/** What is read of a container's definition; periods in seconds. */
export interface ContainerSpec {
  name: string;
  restartPolicy?: string;
  resources?: { limits?: Record<string, string | number> };
  readinessProbe?: Probe;
  startupProbe?: Probe;
}

export interface Probe {
  initialDelaySeconds?: number;
  periodSeconds?: number;
  failureThreshold?: number;
}

interface PodSpec {
  nodeName?: string;
  containers?: ContainerSpec[];
  initContainers?: ContainerSpec[];
  readinessGates?: unknown[];
}

interface PodStatus {
  phase?: string;
  reason?: string;
  message?: string;
  conditions?: Condition[];
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
}

/** The parts of a pod that tell how it is. */
export interface PodView {
  metadata: KubeObject['metadata'];
  spec: PodSpec;
  status: PodStatus;
}

/** The API server sees to the shapes. */
export function viewPod({ metadata, spec, status }: KubeObject): PodView {
  return { metadata, spec: spec ?? {}, status: status ?? {} };
}

/** Whether nothing is to be told of the pod: it is ready and stays. */
export function isSettled(pod: KubeObject): boolean {
  return conditionOf(viewPod(pod), 'Ready')?.status === 'True' && pod.metadata['deletionTimestamp'] === undefined;
}

/** Without what no one here reads: a DaemonSet has a pod on every node. */
export function slimPod(pod: KubeObject): KubeObject {
  const { name, namespace, uid, labels, creationTimestamp, deletionTimestamp, ownerReferences, finalizers } =
    pod.metadata;
  const { spec, status } = viewPod(pod);
  const slim = ({ name, restartPolicy, resources, readinessProbe, startupProbe }: ContainerSpec): object => ({
    name,
    restartPolicy,
    resources,
    readinessProbe,
    startupProbe,
  });
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      uid,
      creationTimestamp,
      deletionTimestamp,
      ownerReferences,
      finalizers,
    },
    spec: {
      nodeName: spec.nodeName,
      readinessGates: spec.readinessGates,
      containers: spec.containers?.map(slim),
      initContainers: spec.initContainers?.map(slim),
    },
    status: { ...status },
  };
}

/** Milliseconds since the epoch; `undefined` for what is missing or no time. */
export function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
