import { FIELD_MANAGER } from '../api/our-names.ts';
import type { KubeObject, ObjectRef } from '../core/kube-object.ts';
import { isJsonObject } from '../core/kube-object.ts';
import { microTime } from './events.ts';
import type { KindRef, KubeApi } from './kube-api.ts';
import { createSilentLog, type Log } from '../telemetry/log.ts';
import { sleep, systemClock, type Clock } from '../runtime/clock.ts';

/** What the elector needs of the API server. */
export type LeaseApi = Pick<KubeApi, 'get' | 'create' | 'replace'>;

/** Tells of the lease as it changes: an informer of that one object. */
export interface LeaseWatch {
  start(): void;
  stop(): Promise<void>;
  subscribe(handler: (event: { type: 'added' | 'updated' | 'deleted'; object: KubeObject }) => void): () => void;
}

export interface LeaderElectorOptions {
  /**
   * Gives a client without a write guard, since the lease is written before this replica leads. Its requests end when
   * the signal aborts, and each after `timeoutMs`.
   */
  connect: (scope: { signal: AbortSignal; timeoutMs: number }) => LeaseApi;
  /** Without it a change is seen only by the next read, up to a retry period late. */
  watch?: LeaseWatch;
  namespace: string;
  name: string;
  /** Differs between any two processes. */
  identity: string;
  /** Called when this replica begins to lead; the signal aborts when that ends. */
  onStartedLeading: (signal: AbortSignal) => void;
  /** Called when it ends; a shutdown waits for it a moment before the lease is released. */
  onStoppedLeading: (reason: string) => void | Promise<void>;
  /** How long others wait after a leader's last sign of life; 15 s unless told. */
  leaseDurationMs?: number;
  /** A leader that could not renew for this long gives up; 10 s unless told, and shorter than the lease. */
  renewDeadlineMs?: number;
  /** Between two attempts; 2 s unless told. */
  retryPeriodMs?: number;
  log?: Log;
  clock?: Clock;
  random?: () => number;
}

interface Moment {
  wall: number;
  monotonic: number;
}

interface Observation {
  lease: KubeObject;
  /** holder, renewTime and transitions: as long as these stay, the holder gives no sign of life. */
  record: string;
  at: Moment;
}

/** One time of leading. */
interface Term {
  /** Aborts when the work has to come to its end. */
  work: AbortController;
  /** Aborts when nothing more may be sent. */
  requests: AbortController;
}

/** The kind of the lease, for whoever watches it. */
export const LEASE: KindRef = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
const RELEASE_MS = 5_000;
/** At a shutdown the work under way may finish what it sends; then the lease goes on to the next. */
const GRACE_MS = 1_000;

/**
 * Holds or contends for a coordination.k8s.io Lease. Other replicas' clocks are never trusted: a lease is expired
 * when it did not change for its duration as seen here. Every write replaces the resource version that was read, so
 * of two that try at once one fails.
 */
export class LeaderElector {
  readonly #options: Required<Omit<LeaderElectorOptions, 'watch'>> & Pick<LeaderElectorOptions, 'watch'>;
  readonly #ref: ObjectRef;
  #seen: Observation | undefined;
  /** What was seen may be out of date: it is read before it is written. */
  #doubtful = false;
  #renewedAt: Moment | undefined;
  /** When the watch told of another's sign of life, by the clock that never jumps. */
  #heardAt = -Infinity;
  /** Our write that has no answer yet. */
  #underWay: { renewTime: unknown; carriedOut: (lease: KubeObject) => void } | undefined;
  #term: Term | undefined;
  #disarm: () => void = () => undefined;
  #wake: () => void = () => undefined;

  constructor(options: LeaderElectorOptions) {
    this.#options = {
      leaseDurationMs: 15_000,
      renewDeadlineMs: 10_000,
      retryPeriodMs: 2_000,
      log: createSilentLog(),
      clock: systemClock,
      random: Math.random,
      ...options,
    };
    const { leaseDurationMs, renewDeadlineMs, retryPeriodMs, namespace, name } = this.#options;
    if (!(leaseDurationMs > renewDeadlineMs && renewDeadlineMs > retryPeriodMs && retryPeriodMs > 0)) {
      throw new Error('leader election: lease duration > renew deadline > retry period > 0 must hold');
    }
    this.#ref = { ...LEASE, namespace, name };
  }

  /**
   * Whether this replica may write now. Reads the local clock at each call, so that a process that was stalled past
   * its deadline stops writing before any timer of its own has fired.
   */
  isLeader(): boolean {
    if (!this.#term || this.#term.requests.signal.aborted) return false;
    return this.#sinceRenewal() < this.#options.renewDeadlineMs;
  }

  /**
   * Aborts when this replica may no longer write; undefined while it does not lead. Requests that carry it never
   * outlive the leadership, however long the way to the API server holds them.
   */
  get term(): AbortSignal | undefined {
    return this.#term?.requests.signal;
  }

  /** Who holds the lease as last seen; undefined when nobody does. */
  get holder(): string | undefined {
    return holderOf(this.#seen?.lease);
  }

  /** Contends, leads, and contends again after a loss, until the signal aborts; then releases the lease. */
  async run(signal: AbortSignal): Promise<void> {
    const { watch } = this.#options;
    const unsubscribe = watch?.subscribe(({ type, object }) => this.#hear(type === 'deleted' ? undefined : object));
    watch?.start();
    while (!signal.aborted) {
      const went = await this.#attemptInTime(signal);
      if (!this.#term && this.#sinceRenewal() < this.#options.renewDeadlineMs) this.#startLeading();
      else if (this.#term && !this.isLeader()) await this.#stopLeading('the lease was not renewed in time');
      await this.#pause(went, signal);
    }
    unsubscribe?.();
    const led = this.isLeader();
    if (this.#term) await this.#stopLeading('shutdown');
    if (led) await this.#release();
    await watch?.stop();
  }

  #startLeading(): void {
    this.#term = { work: new AbortController(), requests: new AbortController() };
    this.#armDeadline();
    this.#options.log.info({ lease: this.#options.name, identity: this.#options.identity }, 'leading');
    this.#options.onStartedLeading(this.#term.work.signal);
  }

  /** Requests end at the deadline itself, wherever the loop below stands. */
  #armDeadline(): void {
    this.#disarm();
    const { clock, renewDeadlineMs } = this.#options;
    this.#disarm = clock.after(renewDeadlineMs - this.#sinceRenewal(), () => {
      this.#endRequests();
      this.#wake();
    });
  }

  #endRequests(): void {
    this.#term?.requests.abort(new Error('this replica no longer leads'));
  }

  async #stopLeading(reason: string): Promise<void> {
    const { clock, log, name, onStoppedLeading } = this.#options;
    log.warn({ lease: name, reason }, 'no longer leading');
    const inGoodOrder = reason === 'shutdown';
    this.#term?.work.abort();
    if (!inGoodOrder) this.#endRequests();
    const ended = Promise.resolve()
      .then(() => onStoppedLeading(reason))
      .catch((error: unknown) => log.error({ error }, 'the work of the leader did not end in good order'));
    if (inGoodOrder) {
      const done = new AbortController();
      await Promise.race([ended, sleep(clock, GRACE_MS, done.signal)]);
      done.abort();
    } else await ended;
    this.#endRequests();
    this.#disarm();
    this.#term = undefined;
  }

  /** Until the next attempt is due; what the watch tells, and the end of the term, come before. */
  async #pause(went: boolean, signal: AbortSignal): Promise<void> {
    const { retryPeriodMs, clock, random } = this.#options;
    const soon = retryPeriodMs / 4;
    const regular = went ? retryPeriodMs : soon;
    // Others that wait for the same lease must not all write at once; the leader is alone.
    const spread = this.#term ? 0 : random() * soon * 0.8;
    const waits = this.#term ? regular : Math.min(regular + spread, Math.max(this.#untilExpiry(), went ? 0 : soon));
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await sleep(clock, waits, AbortSignal.any([signal, woken.signal]));
    this.#wake = () => undefined;
  }

  /** The watch told of a change. Our own are known already, unless the answer was lost. */
  #hear(lease: KubeObject | undefined): void {
    if (lease && holderOf(lease) === this.#options.identity) {
      if (specOf(lease)['renewTime'] === this.#underWay?.renewTime) this.#underWay?.carriedOut(lease);
      return;
    }
    if (this.#term) {
      // Somebody took the lease from us, or this is an old message: the next attempt reads it.
      this.#doubtful = true;
      this.#wake();
      return;
    }
    this.#heardAt = this.#now().monotonic;
    if (lease) this.#observe(lease);
    else this.#seen = undefined;
    if (this.#isExpired()) this.#wake();
  }

  /** One attempt that does not outlast the deadline; its requests end with it. Resolves with whether it went well. */
  async #attemptInTime(signal: AbortSignal): Promise<boolean> {
    const { clock, connect, renewDeadlineMs, log } = this.#options;
    const left = this.#term ? renewDeadlineMs - this.#sinceRenewal() : renewDeadlineMs;
    const done = new AbortController();
    const scope = { signal: AbortSignal.any([done.signal, signal]), timeoutMs: renewDeadlineMs / 2 };
    const attempt = this.#attempt(connect(scope), scope.signal).then(
      () => true,
      (error: unknown) => {
        this.#doubtful = true;
        if (!signal.aborted) log.warn({ error, lease: this.#options.name }, 'the lease was not read or written');
        return false;
      },
    );
    const went = await Promise.race([attempt, sleep(clock, left, scope.signal).then(() => false)]);
    done.abort();
    return went;
  }

  async #attempt(api: LeaseApi, signal: AbortSignal): Promise<void> {
    const { identity } = this.#options;
    const lease = this.#isKnown() ? this.#seen?.lease : await this.#read(api);
    if (lease && holderOf(lease) !== identity && !this.#isExpired()) {
      this.#renewedAt = undefined;
      return;
    }
    const began = this.#now();
    const wanted = this.#renderLease(lease);
    const told = this.#hearOfWrite(wanted, signal);
    const answered = lease ? api.replace(wanted, { fieldManager: FIELD_MANAGER }) : api.create(wanted);
    this.#noteRenewal(await Promise.race([answered, told]), began);
  }

  /** What the watch tells of the write, when its answer does not come soon after: an answer can be lost on its way. */
  async #hearOfWrite(wanted: KubeObject, signal: AbortSignal): Promise<KubeObject> {
    const { clock, retryPeriodMs } = this.#options;
    const lease = await new Promise<KubeObject>((carriedOut) => {
      this.#underWay = { renewTime: specOf(wanted)['renewTime'], carriedOut };
    });
    await sleep(clock, retryPeriodMs / 4, signal);
    return lease;
  }

  /** Whether the lease need not be read: it is our own, or the watch told of it while its holder lived. */
  #isKnown(): boolean {
    if (this.#doubtful || !this.#seen) return false;
    const { identity, retryPeriodMs } = this.#options;
    if (this.#term) return holderOf(this.#seen.lease) === identity;
    // A holder renews once in a retry period: after two, either it or the watch has stopped.
    return this.#now().monotonic - this.#heardAt < 2 * retryPeriodMs;
  }

  async #read(api: LeaseApi): Promise<KubeObject | undefined> {
    const lease = await api.get(this.#ref);
    if (lease) this.#observe(lease);
    else this.#seen = undefined;
    this.#doubtful = false;
    return lease;
  }

  #observe(lease: KubeObject): void {
    const spec = specOf(lease);
    const record = JSON.stringify([spec['holderIdentity'], spec['renewTime'], spec['leaseTransitions']]);
    if (this.#seen?.record === record) this.#seen.lease = lease;
    else this.#seen = { lease, record, at: this.#now() };
  }

  #noteRenewal(lease: KubeObject, began: Moment): void {
    this.#observe(lease);
    // Counted from before the request: others count from after it.
    this.#renewedAt = began;
    if (this.#term) this.#armDeadline();
  }

  #isExpired(): boolean {
    return this.#untilExpiry() <= 0;
  }

  /** Only by the clock that never jumps: taking over too late is harmless, too early is not. */
  #untilExpiry(): number {
    if (!this.#seen || !holderOf(this.#seen.lease)) return 0;
    const seconds = specOf(this.#seen.lease)['leaseDurationSeconds'];
    const duration = typeof seconds === 'number' ? seconds * 1000 : this.#options.leaseDurationMs;
    return this.#seen.at.monotonic + duration - this.#now().monotonic;
  }

  #renderLease(previous: KubeObject | undefined): KubeObject {
    const { identity, leaseDurationMs, name, namespace } = this.#options;
    const spec = previous ? specOf(previous) : {};
    const now = microTime(this.#options.clock.now());
    const same = spec['holderIdentity'] === identity;
    const transitions = typeof spec['leaseTransitions'] === 'number' ? spec['leaseTransitions'] : 0;
    return {
      ...(previous ?? { apiVersion: this.#ref.apiVersion, kind: this.#ref.kind, metadata: { name, namespace } }),
      spec: {
        ...spec,
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
        acquireTime: same ? spec['acquireTime'] : now,
        renewTime: now,
        leaseTransitions: previous && !same ? transitions + 1 : transitions,
      },
    };
  }

  async #release(): Promise<void> {
    const { clock, connect, log, name } = this.#options;
    this.#renewedAt = undefined;
    const done = new AbortController();
    const release = this.#writeRelease(connect({ signal: done.signal, timeoutMs: RELEASE_MS })).catch(
      (error: unknown) => {
        log.warn({ error, lease: name }, 'the lease was not released: the next leader waits until it expires');
      },
    );
    // An API server that does not answer must not hold up the shutdown.
    await Promise.race([release, sleep(clock, RELEASE_MS, done.signal)]);
    done.abort();
  }

  async #writeRelease(api: LeaseApi): Promise<void> {
    const lease = await this.#read(api);
    if (!lease || holderOf(lease) !== this.#options.identity) return;
    const released = { ...lease, spec: { ...specOf(lease), holderIdentity: '', leaseDurationSeconds: 1 } };
    this.#observe(await api.replace(released, { fieldManager: FIELD_MANAGER }));
    this.#options.log.info({ lease: this.#options.name }, 'released the lease');
  }

  #now(): Moment {
    return { wall: this.#options.clock.now(), monotonic: this.#options.clock.monotonic() };
  }

  /** The longer of what both clocks say: the monotonic one stands still while a machine is suspended. */
  #sinceRenewal(): number {
    if (!this.#renewedAt) return Infinity;
    const now = this.#now();
    return Math.max(now.monotonic - this.#renewedAt.monotonic, now.wall - this.#renewedAt.wall);
  }
}

function specOf(lease: KubeObject): Record<string, unknown> {
  return isJsonObject(lease['spec']) ? lease['spec'] : {};
}

function holderOf(lease: KubeObject | undefined): string | undefined {
  const holder = lease && specOf(lease)['holderIdentity'];
  return typeof holder === 'string' && holder !== '' ? holder : undefined;
}
