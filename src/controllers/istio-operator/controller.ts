import { randomUUID } from 'node:crypto';
import { CONTROL_PLANE_LABEL, MANAGED_LABEL } from '../../api/our-names.ts';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { ownerKey, ownerOf } from '../../core/plan/owner-labels.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { Informer, InformerEvent } from '../../kube/informer.ts';
import { InformedApi } from '../../kube/informed-api.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import { MemoryBudget } from '../../kube/memory-budget.ts';
import { computeBackoff } from '../../runtime/clock.ts';
import { LeaderQueue, type PassEnd } from '../../runtime/leader-queue.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { isCutShort, tellBrokenPass } from './broken-pass.ts';
import { createMemory, keepOnly, type Dependencies, type Memory, type PassResult, type Scope } from './dependencies.ts';
import { Contests, type ContestedField } from '../contests.ts';
import { reconcile, RESYNC_MS } from './reconcile.ts';
import { WATCHED_KINDS } from './watched-kinds.ts';

const NAME = 'istio-operator';
/** Our own objects are read whole; in any one namespace they take far less. */
const BUDGET = { perObject: 1_536 * 1024, perNamespace: 8_192 * 1024 };
const CONCURRENCY = 2;
const BACKOFF = { baseMs: 500, maxMs: 60_000 };

export interface ControllerOptions extends Dependencies {
  informers: InformerPool;
  /** Tells of labels that allow a namespace, or no longer do; without it that is noticed with the next pass. */
  namespaces?: Pick<Informer, 'subscribe'>;
  log: Log;
  metrics: Metrics;
}

/** A pass that is to be repeated with back-off; the status says the same. */
class PassFailed extends Error {
  override readonly name = 'PassFailed';
}

/** The status of one condition of an IstioOperator. */
export interface ResourceCondition {
  namespace: string;
  name: string;
  type: string;
  status: string;
}

/**
 * Watches IstioOperators and all that they installed, and reconciles them while this replica leads. The informers run
 * on every replica, so that a new leader starts with what it needs.
 */
export class IstioOperatorController {
  readonly #options: ControllerOptions;
  readonly #resources: Informer;
  readonly #objects: readonly Informer[];
  /** Those of others too. */
  readonly #injectors: Informer;
  readonly #api: InformedApi;
  readonly #queue: LeaderQueue;
  #memory: Memory;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#memory = createMemory(options.now);
    const { api, informers, log, metrics } = options;
    const { apiVersion, kind } = ISTIO_OPERATOR;
    const budget = new MemoryBudget(BUDGET);
    const labelSelector = `${MANAGED_LABEL}=true`;
    this.#resources = informers.open({ kind: { apiVersion, kind }, budget });
    this.#injectors = informers.open({ kind: INJECTOR_KIND });
    this.#objects = WATCHED_KINDS.map((watched) => informers.open({ kind: watched, labelSelector, budget }));
    this.#api = new InformedApi(api, [
      { informer: this.#resources },
      { informer: this.#injectors },
      ...this.#objects.map((informer) => ({ informer, labelSelector })),
    ]);
    this.#queue = new LeaderQueue({
      name: NAME,
      pass: (key, signal) => this.#process(key, signal),
      listKeys: () => this.#resources.list().map(keyOf),
      concurrency: CONCURRENCY,
      backoff: BACKOFF,
      log,
      metrics,
    });
    this.#resources.subscribe((event) => this.#onResource(event));
    options.namespaces?.subscribe((event) => this.#onNamespace(event));
    options.webhooks?.subscribe(() => this.#queue.addAll());
    options.auditor?.subscribe((owners) => (owners === 'all' ? this.#queue.addAll() : this.#queue.add(...owners)));
    options.staleness?.subscribe(() => this.#queue.addAll());
    this.#injectors.subscribe(() => this.#enqueueAwaiting());
    for (const informer of this.#objects) informer.subscribe((event) => this.#onObject(event));
  }

  get informers(): readonly Informer[] {
    return [this.#resources, ...this.#objects, this.#injectors];
  }

  /** Fields that others keep changing back, while this replica leads. */
  listContestedFields(): ContestedField[] {
    if (!this.#queue.isLeading) return [];
    return [...this.#memory.contests.values()].flatMap((contests) => contests.list());
  }

  /** The conditions of all IstioOperators, as they are stored. */
  listConditions(): ResourceCondition[] {
    return this.#resources.list().flatMap(({ metadata: { namespace = '', name }, status }) => {
      const { conditions = [] } = (status ?? {}) as IstioOperatorStatus;
      return conditions.map(({ type, status: value }) => ({ namespace, name, type, status: value }));
    });
  }

  /** Starts to watch. */
  start(): void {
    for (const informer of this.informers) informer.start();
  }

  async stop(): Promise<void> {
    await this.stopLeading();
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  /** Begins to reconcile; every resource is looked at once. */
  startLeading(): void {
    this.#memory = createMemory(this.#options.now);
    this.#queue.startLeading();
  }

  /** Ends reconciling; resolves when the pass under way has reached a safe point. */
  stopLeading(): Promise<void> {
    return this.#queue.stopLeading();
  }

  #onResource({ type, object, previous }: InformerEvent): void {
    // What one resource gives up, another may have waited for, be it the whole or a tag.
    if (type === 'deleted') {
      this.#forgetGone();
      this.#queue.addAll();
    } else if (!previous || isWorthAPass(previous, object)) {
      this.#memory.left.delete(keyOf(object));
      this.#queue.add(keyOf(object));
      if (previous && isOtherSpec(previous, object)) this.#queue.addAll();
    }
  }

  #onObject({ type, object, previous }: InformerEvent): void {
    const owners = (previous ? [previous, object] : [object]).flatMap((seen) => this.#findOwner(seen) ?? []);
    this.#queue.add(...owners.map(keyOf));
    if (type === 'deleted' && owners.length > 0 && this.#resources.size > 1) this.#queue.addAll();
  }

  /** Labels are written by anyone: an object is only what its owner says to have in that namespace. */
  #findOwner(object: KubeObject): KubeObject | undefined {
    const owner = ownerOf(object);
    const resource = owner && this.#resources.get(owner);
    return resource && isPlaceOf(resource, object.metadata.namespace) ? resource : undefined;
  }

  #onNamespace({ type, object, previous }: InformerEvent): void {
    const label = (seen: KubeObject | undefined): string | undefined => seen?.metadata.labels?.[CONTROL_PLANE_LABEL];
    if (label(previous) !== (type === 'deleted' ? undefined : label(object))) this.#queue.addAll();
    this.#enqueueAwaiting();
  }

  /** What decides whose pods are injected has changed. */
  #enqueueAwaiting(): void {
    this.#queue.add(...this.#memory.awaiting);
  }

  #forgetGone(): void {
    const resources = this.#resources.list();
    const uids = new Set(resources.map(({ metadata }) => String(metadata['uid'])));
    keepOnly(this.#memory, { uids, keys: new Set(resources.map(keyOf)) });
  }

  async #process(key: string, signal: AbortSignal): Promise<PassEnd | void> {
    const result = await this.#reconcile(key, signal).finally(() => this.#forgetGone());
    this.#notePass(key, result);
    if (result?.failure !== undefined) throw new PassFailed(result.failure);
    return result && { ...result, isPending: result.reason !== 'Installed' };
  }

  /** A pass that failed after it did some of the work comes back soon: it goes on where the last one stopped. */
  #notePass(key: string, result: PassResult | undefined): void {
    const { left, awaiting } = this.#memory;
    if (result?.reason === 'WaitingForInjector') awaiting.add(key);
    else awaiting.delete(key);
    const before = left.get(key) ?? Infinity;
    if (result?.left === undefined) left.delete(key);
    else left.set(key, result.left);
    if (result?.left !== undefined && result.left < before) this.#queue.noteProgress(key);
  }

  async #reconcile(key: string, signal: AbortSignal): Promise<PassResult | undefined> {
    const [namespace = '', name = ''] = key.split('/');
    const { apiVersion, kind } = ISTIO_OPERATOR;
    const known = this.#resources.get({ namespace, name });
    const ref = { apiVersion, kind, namespace, name };
    const resource = await this.#api.get(ref).catch(async (error: unknown) => {
      if (known) await this.#tellBroken(this.#open(known, signal), error);
      throw error;
    });
    return resource && this.run(resource, signal);
  }

  /** One pass over the resource as read. Whatever breaks it off is told in the status, and thrown. */
  async run(resource: KubeObject, signal: AbortSignal): Promise<PassResult> {
    const scope = this.#open(resource, signal);
    try {
      scope.kubeVersion = await scope.deps.api.serverVersion();
      return await reconcile(scope);
    } catch (error) {
      await this.#tellBroken(scope, error);
      throw error;
    }
  }

  async #tellBroken(scope: Scope, error: unknown): Promise<void> {
    if (isCutShort(scope, error)) return;
    const failures = this.#queue.failures(ownerKey(scope.owner));
    await tellBrokenPass(scope, error, computeBackoff(failures + 1, BACKOFF, 1));
  }

  #open(resource: KubeObject, signal: AbortSignal): Scope {
    const { informers: _, namespaces: ___, log, metrics: __, ...deps } = this.#options;
    const { metadata } = resource;
    const owner = { name: metadata.name, namespace: metadata.namespace ?? '' };
    const generation = Number(metadata['generation'] ?? 0);
    const api = this.#isLiveDue(resource) ? this.#api.live : this.#api;
    return {
      deps: { ...deps, api },
      memory: this.#memory,
      contests: this.#contestsOf(resource),
      log: withFields(log, { reconcile: randomUUID().slice(0, 8), resource: ownerKey(owner), generation }),
      signal,
      resource,
      owner,
      uid: String(metadata['uid']),
      generation,
      status: resource['status'] ?? {},
      kubeVersion: '',
    };
  }

  #contestsOf({ metadata }: KubeObject): Contests {
    const uid = String(metadata['uid']);
    const { contests } = this.#memory;
    const found = contests.get(uid) ?? new Contests(this.#options.now);
    contests.set(uid, found);
    return found;
  }

  /** Whether a pass reads from the API server itself: the first one, now and then, and where it cannot be undone. */
  #isLiveDue({ metadata }: KubeObject): boolean {
    const uid = String(metadata['uid']);
    const now = this.#options.now();
    const { readLiveAt } = this.#memory;
    if (!metadata['deletionTimestamp'] && now - (readLiveAt.get(uid) ?? -Infinity) < RESYNC_MS) return false;
    readLiveAt.set(uid, now);
    return true;
  }
}

function keyOf(resource: KubeObject): string {
  return ownerKey({ name: resource.metadata.name, namespace: resource.metadata.namespace ?? '' });
}

/** Whether the resource has installed something in that namespace, as its status says; cluster-scoped it always may have. */
function isPlaceOf({ metadata, status }: KubeObject, namespace: string | undefined): boolean {
  if (namespace === undefined || namespace === metadata.namespace) return true;
  const { inventory = [] } = (status ?? {}) as IstioOperatorStatus;
  return inventory.some((entry) => entry.namespace === namespace);
}

function isOtherSpec(before: KubeObject, after: KubeObject): boolean {
  return before.metadata['generation'] !== after.metadata['generation'];
}

/** Our own status writes come back as events; they need no pass. */
function isWorthAPass(before: KubeObject, after: KubeObject): boolean {
  const relevant = ({ metadata }: KubeObject): string =>
    JSON.stringify([
      metadata['generation'],
      metadata['deletionTimestamp'],
      metadata['finalizers'],
      metadata.annotations,
    ]);
  return relevant(before) !== relevant(after);
}

/** A log whose lines all carry these fields. */
function withFields(log: Log, fields: Record<string, unknown>): Log {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (more: Record<string, unknown>, message: string): void =>
      log[level]({ ...fields, ...more }, message);
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') } as Log;
}
