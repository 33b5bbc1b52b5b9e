import type { KubeObject, ObjectRef } from '../core/kube-object.ts';
import { isJsonObject } from '../core/kube-object.ts';
import { microTime } from '../kube/events.ts';
import type { KubeApi } from '../kube/kube-api.ts';
import { createSilentLog, type Log } from '../telemetry/log.ts';
import { sleep, systemClock, type Clock } from './clock.ts';

export interface LeaderElectorOptions {
  /** A client without a write guard: the lease is written before this replica leads. */
  api: Pick<KubeApi, 'get' | 'create' | 'replace'>;
  namespace: string;
  name: string;
  /** Differs between any two processes. */
  identity: string;
  /** Called when this replica begins to lead; the signal aborts when that ends. */
  onStartedLeading: (signal: AbortSignal) => void;
  /** Called when it ends; a shutdown waits for it before the lease is released. */
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

const FIELD_MANAGER = 'sailwright';
const RELEASE_MS = 5_000;

/**
 * Holds or contends for a coordination.k8s.io Lease. Other replicas' clocks are never trusted: a lease is expired
 * when it did not change for its duration as seen here. Every write replaces the resource version that was read, so
 * of two that try at once one fails.
 */
export class LeaderElector {
  readonly #options: Required<LeaderElectorOptions>;
  readonly #ref: ObjectRef;
  #seen: Observation | undefined;
  #renewedAt: Moment | undefined;
  #leading: AbortController | undefined;

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
    this.#ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name };
  }

  /**
   * Whether this replica may write now. Reads the local clock at each call, so that a process that was stalled past
   * its deadline stops writing before any timer of its own has fired.
   */
  isLeader(): boolean {
    return this.#leading !== undefined && this.#sinceRenewal() < this.#options.renewDeadlineMs;
  }

  /** Who holds the lease as last seen; undefined when nobody does. */
  get holder(): string | undefined {
    return holderOf(this.#seen?.lease);
  }

  /** Contends, leads, and contends again after a loss, until the signal aborts; then releases the lease. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#attemptInTime(signal);
      if (!this.#leading && this.#sinceRenewal() < this.#options.renewDeadlineMs) this.#startLeading();
      else if (this.#leading && !this.isLeader()) await this.#stopLeading('the lease was not renewed in time');
      const { retryPeriodMs, clock, random } = this.#options;
      const jitter = this.#leading ? 0 : random() * retryPeriodMs * 0.2;
      await sleep(clock, retryPeriodMs + jitter, signal);
    }
    const led = this.isLeader();
    if (this.#leading) await this.#stopLeading('shutdown');
    if (led) await this.#release();
  }

  #startLeading(): void {
    this.#leading = new AbortController();
    this.#options.log.info({ lease: this.#options.name, identity: this.#options.identity }, 'leading');
    this.#options.onStartedLeading(this.#leading.signal);
  }

  async #stopLeading(reason: string): Promise<void> {
    this.#options.log.warn({ lease: this.#options.name, reason }, 'no longer leading');
    this.#leading?.abort();
    // While the work ends in good order after a shutdown it may still write: the lease is ours until its deadline.
    if (reason !== 'shutdown') this.#leading = undefined;
    try {
      await this.#options.onStoppedLeading(reason);
    } catch (error) {
      this.#options.log.error({ error }, 'the work of the leader did not end in good order');
    }
    this.#leading = undefined;
  }

  /** One attempt that does not outlast the deadline: a request that hangs must not delay the loss. */
  async #attemptInTime(signal: AbortSignal): Promise<void> {
    const { clock, renewDeadlineMs, log } = this.#options;
    const left = this.#leading ? renewDeadlineMs - this.#sinceRenewal() : renewDeadlineMs;
    const done = new AbortController();
    const attempt = this.#attempt().catch((error: unknown) => {
      // What was read may be stale: read again next time.
      this.#forgetVersion();
      log.warn({ error, lease: this.#options.name }, 'the lease was not read or written');
    });
    await Promise.race([attempt, sleep(clock, left, AbortSignal.any([done.signal, signal]))]);
    done.abort();
  }

  async #attempt(): Promise<void> {
    const { api, identity } = this.#options;
    const mine = this.#leading && holderOf(this.#seen?.lease) === identity && this.#seen?.lease;
    const began = this.#now();
    const lease = mine || (await this.#read());
    if (!lease) {
      const created = await api.create(this.#renderLease(undefined));
      this.#noteRenewal(created, began);
      return;
    }
    if (holderOf(lease) !== identity && !this.#isExpired()) {
      this.#renewedAt = undefined;
      return;
    }
    const renewing = this.#now();
    const written = await api.replace(this.#renderLease(lease), { fieldManager: FIELD_MANAGER });
    this.#noteRenewal(written, renewing);
  }

  async #read(): Promise<KubeObject | undefined> {
    const lease = await this.#options.api.get(this.#ref);
    if (lease) this.#observe(lease);
    else this.#seen = undefined;
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
  }

  #forgetVersion(): void {
    if (this.#seen && holderOf(this.#seen.lease) === this.#options.identity) this.#seen = undefined;
  }

  #isExpired(): boolean {
    if (!this.#seen || !holderOf(this.#seen.lease)) return true;
    const seconds = specOf(this.#seen.lease)['leaseDurationSeconds'];
    const duration = typeof seconds === 'number' ? seconds * 1000 : this.#options.leaseDurationMs;
    // Only the clock that never jumps: taking over too late is harmless, too early is not.
    const { monotonic } = this.#now();
    return monotonic - this.#seen.at.monotonic >= duration;
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
    const { clock, log, name } = this.#options;
    this.#renewedAt = undefined;
    const done = new AbortController();
    const release = this.#writeRelease().catch((error: unknown) => {
      log.warn({ error, lease: name }, 'the lease was not released: the next leader waits until it expires');
    });
    // An API server that does not answer must not hold up the shutdown.
    await Promise.race([release, sleep(clock, RELEASE_MS, done.signal)]);
    done.abort();
  }

  async #writeRelease(): Promise<void> {
    const lease = await this.#read();
    if (!lease || holderOf(lease) !== this.#options.identity) return;
    const released = { ...lease, spec: { ...specOf(lease), holderIdentity: '', leaseDurationSeconds: 1 } };
    this.#observe(await this.#options.api.replace(released, { fieldManager: FIELD_MANAGER }));
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
