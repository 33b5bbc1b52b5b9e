import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { findPodTrouble, type PodTrouble } from './pod-trouble.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const pod = (status: unknown): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'n', name: 'p' },
  status,
});
const waiting = (reason: string, more: object = {}): unknown => [
  { name: 'c', ready: false, state: { waiting: { reason, message: 'why' } }, ...more },
];
const running = (ready: boolean, startedAt: string): unknown => [
  { name: 'c', ready, state: { running: { startedAt } } },
];
const ended = (exitCode: number, reason: string): object => ({ lastState: { terminated: { exitCode, reason } } });
const fails = (text: string): PodTrouble => ({ isFailure: true, text });

describe('findPodTrouble', () => {
  const cases: [title: string, status: unknown, trouble: PodTrouble | undefined][] = [
    [
      'an image that cannot be pulled',
      { containerStatuses: waiting('ImagePullBackOff') },
      fails('pod p, container c: ImagePullBackOff (why)'),
    ],
    [
      'an init container that crashes',
      { initContainerStatuses: waiting('CrashLoopBackOff') },
      fails('pod p, container c: CrashLoopBackOff (why); see kubectl -n n logs p -c c --previous'),
    ],
    [
      'a container that is ended again and again',
      { containerStatuses: waiting('CrashLoopBackOff', ended(137, 'OOMKilled')) },
      fails(
        'pod p, container c: CrashLoopBackOff (why), last ended with exit code 137 (OOMKilled); ' +
          'see kubectl -n n logs p -c c --previous',
      ),
    ],
    ['a container that just starts', { containerStatuses: waiting('ContainerCreating') }, undefined],
    [
      'no node',
      { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'full' }] },
      fails('pod p: Unschedulable (full)'),
    ],
    ['a ready container', { containerStatuses: running(true, '2026-01-01T00:00:00Z') }, undefined],
    ['a container that was started 14 s ago', { containerStatuses: running(false, '2026-01-01T00:00:46Z') }, undefined],
    [
      'a container that was started 15 s ago and is not ready',
      { containerStatuses: running(false, '2026-01-01T00:00:45Z') },
      {
        isFailure: false,
        text: 'pod p, container c: it runs, but is not ready; see kubectl -n n logs p -c c',
      },
    ],
    [
      'an init container that takes its time',
      { initContainerStatuses: running(false, '2026-01-01T00:00:00Z') },
      undefined,
    ],
    ['a pod without a status', undefined, undefined],
  ];
  it.each(cases)('%s', (_title, status, trouble) => {
    expect(findPodTrouble(pod(status), NOW)).toEqual(trouble);
  });

  it('tells a failure before what is slow', () => {
    const status = { containerStatuses: [running(false, '2026-01-01T00:00:00Z'), waiting('ErrImagePull')].flat() };
    expect(findPodTrouble(pod(status), NOW)).toEqual(fails('pod p, container c: ErrImagePull (why)'));
  });
});
