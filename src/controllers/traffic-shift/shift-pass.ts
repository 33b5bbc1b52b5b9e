import type { KubeObject } from '../../core/kube-object.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Prometheus } from '../../prometheus/prometheus.ts';

/** What a shift needs to know and to act. */
export interface ShiftDependencies {
  api: Pick<KubeApi, 'get' | 'list' | 'patch' | 'replace'>;
  policy: Pick<InstallationPolicy, 'judgeNamespace'>;
  /** Undefined where the operator was told of none. */
  prometheus: Prometheus | undefined;
  events: Pick<EventRecorder, 'record'>;
  now: () => number;
}

/** A shift at one look. */
export interface ShiftPass {
  deps: ShiftDependencies;
  shift: KubeObject;
}
