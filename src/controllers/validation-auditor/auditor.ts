import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import { displayName, refOf, type KubeObject } from '../../core/kube-object.ts';
import type { Informer } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import type { Log } from '../../telemetry/log.ts';
import { MemoryBudget } from '../../kube/memory-budget.ts';
import { errorsOf, slimResource } from './slim-resource.ts';

/**
 * Looks for resources that validation would refuse, while this replica leads: stored while no webhook answered, before
 * the operator came, or before a rule became stricter. Keeps of these only their names and errors.
 */
export class ValidationAuditor {
  readonly #options: { informers: InformerPool; log: Log };
  #informers: readonly Informer[] = [];

  constructor(options: { informers: InformerPool; log: Log }) {
    this.#options = options;
  }

  startLeading(): void {
    const { informers } = this.#options;
    const budget = new MemoryBudget();
    this.#informers = ISTIO_KINDS.map(({ group, versions: [version], kind }) => {
      const informer = informers.open({
        kind: { apiVersion: `${group}/${version}`, kind },
        slim: slimResource,
        budget,
      });
      informer.subscribe(({ type, object }) => {
        if (type !== 'deleted') this.#report(object);
      });
      informer.start();
      return informer;
    });
  }

  async stopLeading(): Promise<void> {
    const informers = this.#informers;
    this.#informers = [];
    await Promise.all(informers.map((informer) => informer.stop()));
  }

  /** How many resources of each kind would be refused. */
  countByKind(): ReadonlyMap<string, number> {
    return new Map(this.#informers.map(({ kind, size }) => [kind.kind, size]));
  }

  #report(object: KubeObject): void {
    this.#options.log.warn(
      { resource: displayName(refOf(object)), errors: errorsOf(object) },
      'a stored resource would be refused today',
    );
  }
}
