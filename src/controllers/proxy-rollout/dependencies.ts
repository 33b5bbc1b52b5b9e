import type { KubeObject } from '../../core/kube-object.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { EvictionApi, KubeApi } from '../../kube/kube-api.ts';
import type { InjectionConfigs } from '../../webhooks/inject/injection-configs.ts';

/** What a rollout needs to know and to act. */
export interface RolloutDependencies {
  api: KubeApi & EvictionApi;
  /** By what pods are injected. */
  configs: Pick<InjectionConfigs, 'configOf' | 'namespaceOf'> & { listNamespaces: () => KubeObject[] };
  policy: Pick<InstallationPolicy, 'judgeNamespace'>;
  /** Where the operator runs: its own pods are no rollout's. */
  operatorNamespace: string;
  events: Pick<EventRecorder, 'record'>;
  now: () => number;
}
