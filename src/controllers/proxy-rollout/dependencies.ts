import type { KubeObject } from '../../core/kube-object.ts';
import type { EvictionApi, KubeApi } from '../../kube/kube-api.ts';
import type { InjectionConfigs } from '../../webhooks/inject/injection-configs.ts';
import type { StagedDependencies } from '../staged/reconcile-staged.ts';

/** What a rollout needs to know and to act. */
export interface RolloutDependencies extends StagedDependencies {
  api: KubeApi & EvictionApi;
  /** By what pods are injected. */
  configs: Pick<InjectionConfigs, 'configOf' | 'namespaceOf'> & { listNamespaces: () => KubeObject[] };
  /** Where the operator runs: its own pods are no rollout's. */
  operatorNamespace: string;
}
