// Follows one installation with watches and tells each change as an InstallationView.
import { K8s, kind } from 'kubernetes-fluent-client';
import type { InstallationView, WorkloadView } from './installation-table.ts';
import { conditionOf } from '../istio-operator-condition.ts';
import { IstioOperator } from '../../src/fluent/index.ts';

/** Names the IstioOperator to follow. */
export interface FollowedResource {
  namespace: string;
  name: string;
}

/** Watches the resource and the Deployments of its namespace until `close`. */
export class InstallationWatch {
  readonly #resource: FollowedResource;
  readonly #onChange: (view: InstallationView) => void;
  readonly #began = performance.now();
  readonly #workloads = new Map<string, WorkloadView>();
  readonly #closers: (() => void)[] = [];
  #latest: IstioOperator | undefined;

  constructor(resource: FollowedResource, onChange: (view: InstallationView) => void) {
    this.#resource = resource;
    this.#onChange = onChange;
  }

  /** Begins to watch; reads KUBECONFIG from the environment, as the fluent client does. */
  async start(): Promise<void> {
    const { namespace, name } = this.#resource;
    const resources = K8s(IstioOperator)
      .InNamespace(namespace)
      .Watch((object) => {
        if (object.metadata?.name !== name) return;
        this.#latest = object;
        this.#onChange(this.view());
      });
    const deployments = K8s(kind.Deployment)
      .InNamespace(namespace)
      .Watch((object, phase) => {
        this.#record(object, String(phase) === 'DELETED');
        this.#onChange(this.view());
      });
    for (const watcher of [resources, deployments]) {
      await watcher.start();
      this.#closers.push(() => watcher.close());
    }
  }

  /** The latest state of the resource; undefined until it was seen. */
  get resource(): IstioOperator | undefined {
    return this.#latest;
  }

  view(): InstallationView {
    const condition = conditionOf(this.#latest, 'Stalled');
    const shown = condition?.status === 'True' ? { ...condition, status: 'False' } : conditionOf(this.#latest, 'Ready');
    return {
      ready: { status: shown?.status ?? 'Unknown', reason: shown?.reason ?? '', message: shown?.message ?? '' },
      components: Object.entries(this.#latest?.status?.componentStatus ?? {}).map(
        ([component, status]) => [component, status?.status ?? ''] as const,
      ),
      workloads: [...this.#workloads.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      seconds: (performance.now() - this.#began) / 1000,
    };
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  #record(object: kind.Deployment, deleted: boolean): void {
    const name = object.metadata?.name ?? '';
    if (deleted) this.#workloads.delete(name);
    else
      this.#workloads.set(name, { name, ready: object.status?.readyReplicas ?? 0, wanted: object.spec?.replicas ?? 1 });
  }
}
