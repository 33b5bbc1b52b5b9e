import type { KubeObject } from '../../core/kube-object.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Prometheus } from '../../prometheus/prometheus.ts';

/** What a migration needs to know and to act. */
export interface MigrationDependencies {
  api: Pick<KubeApi, 'get' | 'list' | 'create' | 'patch' | 'replace' | 'delete'>;
  policy: Pick<InstallationPolicy, 'judgeNamespace'>;
  /** Undefined where the operator was told of none. */
  prometheus: Prometheus | undefined;
  events: Pick<EventRecorder, 'record'>;
  now: () => number;
}

/** A migration at one look. */
export interface MigrationPass {
  deps: MigrationDependencies;
  migration: KubeObject;
}
