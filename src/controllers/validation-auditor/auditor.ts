import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import type { ResourceReader } from '../../core/istio/readers.ts';
import { displayName, objectKey, refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { estimateWork, MAX_WORK } from '../../core/validate/estimate-work.ts';
import type { Informer, InformerEvent } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { MemoryBudget } from '../../kube/memory-budget.ts';
import type { Clock } from '../../runtime/clock.ts';
import { LeaderQueue } from '../../runtime/leader-queue.ts';
import { NO_READERS, type Readers } from '../../webhooks/validate/readers.ts';
import { errorsOf, slimResource, slimUnjudged } from './slim-resource.ts';

/** Finds the errors of a resource in another thread, which its text is given to. */
export type AuditApart = (
  text: Uint8Array<ArrayBuffer>,
  by: { owner: string; readers: readonly ResourceReader[] },
) => Promise<readonly string[]>;

export interface ValidationAuditorOptions {
  informers: InformerPool;
  audit: AuditApart;
  /** By whose rules resources are judged. */
  readers?: Pick<Readers, 'list' | 'onChange'>;
  log: Log;
  metrics?: Metrics;
  clock?: Clock;
}

/** By {@link estimateWork}: some milliseconds' worth. What is beyond the limit of all work is refused at once. */
const MAX_WORK_HERE = 8_000;

const REJUDGE = 'rejudge';
/** Control planes come and change in several objects: one look for all that happened since. */
const GATHER_MS = 5_000;

/** What another thread said of a resource. */
interface Late {
  kind: string;
  version: unknown;
  errors: readonly string[];
}

/**
 * Looks for resources that validation would refuse, while this replica leads: stored while no webhook answered, before
 * the operator came, or before a rule became stricter. Keeps of these only their names and errors.
 */
export class ValidationAuditor {
  readonly #options: ValidationAuditorOptions;
  readonly #queue: LeaderQueue;
  #informers: readonly Informer[] = [];
  #unsubscribe: (() => void) | undefined;
  /** By what is judged now. */
  #readers: readonly ResourceReader[] = [];
  /** By key of the resource. */
  readonly #late = new Map<string, Late>();

  constructor(options: ValidationAuditorOptions) {
    this.#options = options;
    const { log, metrics, clock, readers = NO_READERS } = options;
    this.#queue = new LeaderQueue({
      name: 'validation-audit',
      pass: () => Promise.resolve(this.#rejudge(readers)),
      listKeys: () => [],
      log,
      metrics,
      ...(clock ? { clock } : {}),
    });
  }

  startLeading(): void {
    const { informers, readers = NO_READERS } = this.#options;
    const budget = new MemoryBudget();
    this.#queue.startLeading();
    this.#readers = readers.list();
    this.#unsubscribe = readers.onChange(() => this.#queue.addAfter(REJUDGE, GATHER_MS));
    this.#informers = ISTIO_KINDS.map(({ group, versions: [version], kind }) => {
      const informer = informers.open({
        kind: { apiVersion: `${group}/${version}`, kind },
        slim: (object) => this.#judge(object),
        budget,
      });
      informer.subscribe((event) => this.#onEvent(event));
      informer.start();
      return informer;
    });
  }

  async stopLeading(): Promise<void> {
    const informers = this.#informers;
    this.#unsubscribe?.();
    this.#informers = [];
    this.#late.clear();
    await Promise.all([this.#queue.stopLeading(), ...informers.map((informer) => informer.stop())]);
  }

  /** How many resources of each kind would be refused. */
  countByKind(): ReadonlyMap<string, number> {
    const late = [...this.#late.values()].filter(({ errors }) => errors.length > 0);
    return new Map(
      this.#informers.map((informer) => {
        const { kind } = informer.kind;
        const here = informer.list().filter((object) => errorsOf(object) !== undefined).length;
        return [kind, here + late.filter((each) => each.kind === kind).length];
      }),
    );
  }

  /** Of what is stored only errors are kept: all of it is read again for the rules of other releases. */
  #rejudge(readers: Pick<Readers, 'list'>): void {
    if (readers.list() === this.#readers) return;
    this.#readers = readers.list();
    for (const informer of this.#informers) informer.reread();
  }

  #judge(object: KubeObject): KubeObject | undefined {
    const { units } = estimateWork(object as unknown as JsonObject);
    if (units <= MAX_WORK_HERE || units > MAX_WORK) return slimResource(object, this.#readers);
    void this.#judgeApart(object);
    return slimUnjudged(object);
  }

  async #judgeApart(object: KubeObject): Promise<void> {
    const { kind, metadata } = object;
    const resource = displayName(refOf(object));
    const late: Late = { kind, version: metadata['resourceVersion'], errors: [] };
    const key = objectKey(refOf(object));
    this.#late.set(key, late);
    try {
      const text = new Uint8Array(Buffer.from(JSON.stringify(object), 'utf8'));
      late.errors = await this.#options.audit(text, { owner: metadata.namespace ?? '', readers: this.#readers });
    } catch (error) {
      this.#options.log.warn({ error, resource }, 'a stored resource could not be judged');
    }
    // It may have changed meanwhile, or gone.
    if (this.#late.get(key) === late && late.errors.length > 0) this.#report(resource, late.errors);
  }

  #onEvent({ type, object }: InformerEvent): void {
    const key = objectKey(refOf(object));
    if (type === 'deleted' || this.#late.get(key)?.version !== object.metadata['resourceVersion']) {
      this.#late.delete(key);
    }
    const errors = errorsOf(object);
    if (type !== 'deleted' && errors) this.#report(displayName(refOf(object)), errors);
  }

  #report(resource: string, errors: readonly string[]): void {
    this.#options.log.warn({ resource, errors }, 'a stored resource would be refused today');
  }
}
