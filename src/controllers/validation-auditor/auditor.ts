import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import { displayName, refOf, type KubeObject } from '../../core/kube-object.ts';
import { Informer } from '../../kube/informer.ts';
import type { WatchApi } from '../../kube/watch-api.ts';
import type { Log } from '../../telemetry/log.ts';
import { errorsOf, slimResource } from './slim-resource.ts';

/**
 * Looks for resources that validation would refuse, while this replica leads: stored while no webhook answered, before
 * the operator came, or before a rule became stricter. Keeps nothing of a resource but its name and its errors.
 */
export class ValidationAuditor {
  readonly #options: { watchApi: WatchApi; log: Log };
  #informers: readonly Informer[] = [];

  constructor(options: { watchApi: WatchApi; log: Log }) {
    this.#options = options;
  }

  startLeading(): void {
    const { watchApi: api, log } = this.#options;
    this.#informers = ISTIO_KINDS.map(({ group, versions: [version], kind }) => {
      const informer = new Informer({
        api,
        log,
        kind: { apiVersion: `${group}/${version}`, kind },
        slim: slimResource,
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
    return new Map(
      this.#informers.map((informer): [string, number] => {
        const invalid = informer.list().filter((object) => errorsOf(object).length > 0);
        return [informer.kind.kind, invalid.length];
      }),
    );
  }

  #report(object: KubeObject): void {
    const errors = errorsOf(object);
    if (errors.length === 0) return;
    this.#options.log.warn(
      { resource: displayName(refOf(object)), errors },
      'a stored resource would be refused today',
    );
  }
}
