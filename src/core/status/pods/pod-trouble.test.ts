import { describe, expect, it } from 'vitest';
import { POD_REASONS } from '../../../api/install/pod-reasons.ts';
import type { KubeObject } from '../../kube-object.ts';
import { describeTrouble, rankTroubles } from './describe-trouble.ts';
import { settleTrouble, type Evidence } from './pod-evidence.ts';
import { findPodTrouble } from './pod-trouble.ts';
import { slimPod } from './pod-view.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');
/** RFC 3339, so many seconds before NOW. */
const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();

interface Shape {
  spec?: Record<string, unknown>;
  status: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

function pod({ spec = {}, status, metadata = {} }: Shape): KubeObject {
  const containers = [{ name: 'c', ...(spec['c'] as object) }];
  const initContainers = [{ name: 'i' }, { name: 'sidecar', restartPolicy: 'Always' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u', creationTimestamp: ago(300), ...metadata },
    spec: { nodeName: 'n', containers, initContainers, ...spec },
    status,
  };
}

/** What is told of one pod, without what helps. */
function tell(shape: Shape, evidence: Evidence = {}): string | undefined {
  const trouble = findPodTrouble(slimPod(pod(shape)), NOW);
  const settled = trouble && settleTrouble(trouble, evidence, NOW);
  if (!settled) return undefined;
  const [ranked] = rankTroubles([settled], undefined);
  const { text, isFailure } = describeTrouble(ranked!);
  const helps = text.lastIndexOf(`; ${POD_REASONS[settled.reason].todo.slice(0, 8)}`);
  return `${isFailure ? 'fails' : 'slow'}: ${text.slice(0, helps)}`;
}

const container = (fields: object, name = 'c'): unknown => ({ name, ready: false, restartCount: 0, ...fields });
const waiting = (reason: string, message?: string): unknown => container({ state: { waiting: { reason, message } } });
const ended = (exitCode: number, reason: string, more: object = {}): object => ({
  terminated: { exitCode, reason, startedAt: ago(100), finishedAt: ago(90), ...more },
});
const placed = { type: 'PodScheduled', status: 'True', lastTransitionTime: ago(300) };
const unready = { type: 'Ready', status: 'False', lastTransitionTime: ago(300) };
const loop = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s restarting failed container' } };

describe('a pod that cannot run is told with its container', () => {
  const cases: [title: string, shape: Shape, says: string][] = [
    [
      'an image that is not there',
      { status: { containerStatuses: [waiting('ErrImagePull', 'not found')] } },
      'fails: pod p, container c: ImagePullBackOff (not found)',
    ],
    [
      'the same in the words of the back-off',
      {
        status: {
          containerStatuses: [waiting('ImagePullBackOff', 'Back-off pulling image "x/y:z": ErrImagePull: not found')],
        },
      },
      'fails: pod p, container c: ImagePullBackOff (not found)',
    ],
    [
      'a registry that is down',
      { status: { containerStatuses: [waiting('RegistryUnavailable', 'pull QPS exceeded')] } },
      'fails: pod p, container c: ImagePullBackOff (RegistryUnavailable: pull QPS exceeded)',
    ],
    [
      'a name that is none',
      { status: { containerStatuses: [waiting('InvalidImageName', 'cannot parse')] } },
      'fails: pod p, container c: InvalidImageName (cannot parse)',
    ],
    [
      'a missing Secret',
      { status: { containerStatuses: [waiting('CreateContainerConfigError', 'secret "x" not found')] } },
      'fails: pod p, container c: CreateContainerConfigError (secret "x" not found)',
    ],
    [
      'a crash loop',
      { status: { containerStatuses: [container({ restartCount: 4, state: loop, lastState: ended(1, 'Error') })] } },
      'fails: pod p, container c: CrashLoopBackOff (last exit code 1, Error)',
    ],
    [
      'a crash loop with a last word',
      {
        status: {
          containerStatuses: [
            container({ restartCount: 4, state: loop, lastState: ended(2, 'Error', { message: 'no certificate\n' }) }),
          ],
        },
      },
      'fails: pod p, container c: CrashLoopBackOff (last exit code 2, Error; no certificate)',
    ],
    [
      'a crash loop, seen while it runs',
      {
        status: {
          containerStatuses: [
            container({ restartCount: 4, state: { running: { startedAt: ago(1) } }, lastState: ended(1, 'Error') }),
          ],
        },
      },
      'fails: pod p, container c: CrashLoopBackOff (last exit code 1, Error)',
    ],
    [
      'a crash loop, seen as it ends',
      { status: { containerStatuses: [container({ restartCount: 4, state: ended(1, 'Error') })] } },
      'fails: pod p, container c: CrashLoopBackOff (last exit code 1, Error)',
    ],
    [
      'the first crash',
      { status: { containerStatuses: [container({ state: ended(0, 'Completed') })] } },
      'fails: pod p, container c: Crashed (last exit code 0, Completed)',
    ],
    [
      'too little memory',
      {
        spec: { c: { resources: { limits: { memory: '64Mi' } } } },
        status: {
          containerStatuses: [container({ restartCount: 1, state: loop, lastState: ended(137, 'OOMKilled') })],
        },
      },
      'fails: pod p, container c: OOMKilled (last exit code 137; memory limit 64Mi)',
    ],
    [
      'a node without memory',
      {
        status: {
          containerStatuses: [container({ restartCount: 1, state: loop, lastState: ended(137, 'OOMKilled') })],
        },
      },
      'fails: pod p, container c: OOMKilled (last exit code 137; it has no memory limit: the node ran out)',
    ],
    [
      'a command that does not exist',
      {
        status: {
          containerStatuses: [
            container({ restartCount: 1, state: loop, lastState: ended(128, 'StartError', { message: 'exec: "x"' }) }),
          ],
        },
      },
      'fails: pod p, container c: RunContainerError (exec: "x"; last exit code 128)',
    ],
    [
      'an init container that fails',
      {
        status: {
          initContainerStatuses: [container({ restartCount: 2, state: ended(1, 'Error') }, 'i')],
          containerStatuses: [waiting('PodInitializing')],
        },
      },
      'fails: pod p, init container i: CrashLoopBackOff (last exit code 1, Error)',
    ],
    [
      'a sidecar that ends',
      { status: { initContainerStatuses: [container({ state: ended(0, 'Completed') }, 'sidecar')] } },
      'fails: pod p, container sidecar: Crashed (last exit code 0, Completed)',
    ],
    [
      'no node with room',
      {
        status: {
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes: full' }],
        },
      },
      'fails: pod p: Unschedulable (0/3 nodes: full)',
    ],
    [
      'a gate before scheduling',
      { status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'g' }] } },
      'fails: pod p: SchedulingGated (g)',
    ],
    [
      'a readiness gate',
      {
        spec: { readinessGates: [{ conditionType: 'lb' }] },
        status: {
          conditions: [
            placed,
            { type: 'ContainersReady', status: 'True' },
            { ...unready, reason: 'ReadinessGatesNotReady', message: 'lb' },
          ],
          containerStatuses: [container({ ready: true, state: { running: { startedAt: ago(200) } } })],
        },
      },
      'slow: pod p: ReadinessGatesNotReady (lb)',
    ],
    [
      'an eviction',
      { status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' } },
      'slow: pod p: PodFailed (Evicted: low on memory)',
    ],
  ];
  it.each(cases)('%s', (_title, shape, says) => {
    expect(tell(shape)).toBe(says);
  });
});

describe('a pod on its way is told after half a minute', () => {
  const running = (seconds: number, more: object = {}): Shape => ({
    status: {
      conditions: [placed, { ...unready, lastTransitionTime: ago(seconds) }],
      containerStatuses: [container({ started: true, state: { running: { startedAt: ago(seconds) } }, ...more })],
    },
  });
  const creating = (seconds: number, reason = 'ContainerCreating'): Shape => ({
    status: {
      conditions: [{ ...placed, lastTransitionTime: ago(seconds) }],
      containerStatuses: [waiting(reason)],
    },
  });
  const initializing = (seconds: number): Shape => ({
    status: {
      conditions: [placed],
      initContainerStatuses: [container({ state: { running: { startedAt: ago(seconds) } } }, 'i')],
      containerStatuses: [waiting('PodInitializing')],
    },
  });
  const withProbe = (seconds: number): Shape => ({
    ...running(seconds, { started: false }),
    spec: { c: { startupProbe: { periodSeconds: 1, failureThreshold: 60 } } },
  });
  const starting = (seconds: number): Shape => ({
    spec: { initContainers: [{ name: 'sidecar', restartPolicy: 'Always', startupProbe: {} }, { name: 'i' }] },
    status: {
      conditions: [placed, unready],
      initContainerStatuses: [
        container({ started: false, state: { running: { startedAt: ago(seconds + 30) } } }, 'sidecar'),
        container({ state: { waiting: { reason: 'PodInitializing' } } }, 'i'),
      ],
      containerStatuses: [waiting('PodInitializing')],
    },
  });
  const restarted = (seconds: number): Shape =>
    running(seconds, {
      restartCount: 1,
      lastState: ended(255, 'Unknown', { startedAt: ago(90_000), finishedAt: ago(60) }),
    });
  const cases: [title: string, shape: (seconds: number) => Shape, at: number, says: string][] = [
    ['a readiness probe that fails', running, 30, 'fails: pod p, container c: Unhealthy (readiness probe)'],
    ['a startup probe, after all of its time', withProbe, 90, 'fails: pod p, container c: Unhealthy (startup probe)'],
    [
      'a container that is not made',
      creating,
      30,
      'slow: pod p, container c: ContainerCreating (since 2026-01-01T00:09:30Z)',
    ],
    [
      'a reason that is new to us',
      (seconds) => creating(seconds, 'SomethingNew'),
      30,
      'slow: pod p, container c: ContainerCreating (SomethingNew: since 2026-01-01T00:09:30Z)',
    ],
    [
      'an init container that does not end',
      initializing,
      30,
      'slow: pod p, init container i: PodInitializing (since 2026-01-01T00:09:30Z)',
    ],
    ['a sidecar that does not start', starting, 30, 'fails: pod p, container sidecar: Unhealthy (startup probe)'],
    [
      'a container that began anew with its node',
      restarted,
      30,
      'fails: pod p, container c: Unhealthy (readiness probe)',
    ],
  ];
  it.each(cases)('%s', (_title, shape, at, says) => {
    expect(tell(shape(at - 1))).toBeUndefined();
    expect(tell(shape(at))).toBe(says);
  });

  it('says nothing of a pod that is ready, or ends in time', () => {
    const status = { conditions: [placed, { type: 'Ready', status: 'True' }] };
    expect(tell({ status })).toBeUndefined();
    expect(tell({ ...running(500), metadata: { deletionTimestamp: ago(29) } })).toBeUndefined();
  });
});

describe('what others tell of a pod', () => {
  const event = (reason: string, message: string, seconds: number): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', creationTimestamp: ago(3_000) },
    reason,
    message,
    lastTimestamp: ago(seconds),
  });
  const node = (status: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    status: {
      conditions: [
        { type: 'Ready', status, reason: 'NodeStatusUnknown', message: 'Kubelet stopped', lastTransitionTime: ago(60) },
      ],
    },
  });
  const left: Shape = {
    status: {
      conditions: [placed, { type: 'ContainersReady', status: 'True' }, unready],
      containerStatuses: [container({ ready: true, state: { running: { startedAt: ago(200) } } })],
    },
  };
  const untouched: Shape = { status: { conditions: [placed] } };
  const stuck = (owner: string): Shape => ({
    ...left,
    metadata: { deletionTimestamp: ago(60), ownerReferences: [{ kind: owner }], finalizers: ['a/b'] },
  });
  const creating: Shape = { status: { conditions: [placed], containerStatuses: [waiting('ContainerCreating')] } };
  const unhealthy: Shape = {
    status: {
      conditions: [placed, unready],
      containerStatuses: [container({ state: { running: { startedAt: ago(200) } } })],
    },
  };
  const LOST = 'node n, NodeStatusUnknown: Kubelet stopped, since 2026-01-01T00:09:00Z';
  const cases: [title: string, shape: Shape, evidence: Evidence, says: string | undefined][] = [
    ['a lost node', left, { node: node('Unknown') }, `fails: pod p: NodeNotReady (${LOST})`],
    ['a node that never took the pod', untouched, { node: node('False') }, `fails: pod p: NodeNotReady (${LOST})`],
    ['a node that is gone', left, { node: undefined }, 'fails: pod p: NodeNotReady (node n does not exist any more)'],
    ['a node that is well', left, { node: node('True') }, undefined],
    [
      'an agent that cannot end',
      stuck('DaemonSet'),
      { node: node('Unknown') },
      `fails: pod p: StuckTerminating (since 2026-01-01T00:09:00Z; held by a/b; ${LOST})`,
    ],
    [
      'a pod that cannot end and has its successor elsewhere',
      stuck('ReplicaSet'),
      { node: node('True') },
      'slow: pod p: StuckTerminating (since 2026-01-01T00:09:00Z; held by a/b)',
    ],
    [
      'a volume that is missing',
      creating,
      { events: [event('FailedMount', 'old', 200), event('FailedMount', 'configmap "x" not found', 100)] },
      'fails: pod p, container c: FailedMount (configmap "x" not found)',
    ],
    [
      'a network that is missing',
      creating,
      { events: [event('FailedCreatePodSandBox', 'plugin failed', 10)] },
      'fails: pod p, container c: FailedCreatePodSandBox (plugin failed)',
    ],
    [
      'what was told long ago',
      creating,
      { events: [event('FailedMount', 'gone by now', 301)] },
      'slow: pod p, container c: ContainerCreating (since 2026-01-01T00:05:00Z)',
    ],
    [
      'the words of a probe',
      unhealthy,
      { events: [event('BackOff', 'other', 1), event('Unhealthy', 'Readiness probe failed: 503', 3)] },
      'fails: pod p, container c: Unhealthy (Readiness probe failed: 503)',
    ],
    [
      'the words of a probe on a node that is well',
      unhealthy,
      { node: node('True'), events: [event('Unhealthy', 'Readiness probe failed: 503', 3)] },
      'fails: pod p, container c: Unhealthy (Readiness probe failed: 503)',
    ],
    [
      'a node that was lost before the pod was ready',
      unhealthy,
      { node: node('Unknown'), events: [event('Unhealthy', 'Readiness probe failed: 503', 100)] },
      `fails: pod p: NodeNotReady (${LOST})`,
    ],
    [
      'a node that was lost while the pod was made',
      creating,
      { node: node('Unknown') },
      `fails: pod p: NodeNotReady (${LOST})`,
    ],
  ];
  it.each(cases)('%s', (_title, shape, evidence, says) => {
    expect(tell(shape, evidence)).toBe(says);
  });
});
