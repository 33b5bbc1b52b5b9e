import { createHash } from 'node:crypto';
import type { KubeObject, ObjectRef } from '../core/kube-object.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import type { Log } from '../telemetry/log.ts';
import { isNotFound } from './errors.ts';
import type { KubeApi } from './kube-api.ts';

/** What happened, for people who run `kubectl describe`. */
export interface EventNote {
  type: 'Normal' | 'Warning';
  /** CamelCase, stable: users match on it. */
  reason: string;
  message: string;
  /** What was being done; `Reconcile` unless told. */
  action?: string;
}

export interface EventRecorderOptions {
  api: Pick<KubeApi, 'create' | 'patch'>;
  /** Name of the controller, e.g. `sailwright`. */
  component: string;
  /** Name of this replica. */
  instance: string;
  log: Log;
  clock?: Clock;
}

interface Series {
  ref: ObjectRef;
  count: number;
  written: number;
  startedAt: number;
  writtenAt: number;
  cancel?: (() => void) | undefined;
}

const SERIES_MS = 10 * 60_000;
/** One series is written at most this often, however often the thing happens. */
const REWRITE_MS = 30_000;
const MAX_SERIES = 1_000;
/** Writes that wait for each other; while the API server does not answer, more is not told at all. */
const MAX_WAITING = 100;
const MAX_MESSAGE = 1_024;

/**
 * Writes Kubernetes Events. The same note about the same object within ten minutes becomes one Event with a count. A
 * write that fails is logged and forgotten: telling must never fail the work.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #clock: Clock;
  readonly #series = new Map<string, Series>();
  #pending: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Returns at once; the write happens in the background. */
  record(about: KubeObject, note: EventNote): void {
    const now = this.#clock.now();
    const key = [
      about.metadata['uid'],
      about.kind,
      about.metadata.namespace,
      about.metadata.name,
      note.reason,
      note.message,
    ].join('\n');
    const known = this.#series.get(key);
    if (!known || now - known.startedAt >= SERIES_MS) {
      known?.cancel?.();
      this.#begin(key, about, note);
      return;
    }
    known.count += 1;
    const wait = known.writtenAt + REWRITE_MS - now;
    known.cancel ??= this.#clock.after(Math.max(wait, 0), () => {
      known.cancel = undefined;
      this.#enqueue(() => this.#patchCount(known));
    });
  }

  /** Resolves when everything that was begun is written or has failed. */
  async flush(): Promise<void> {
    await this.#pending;
  }

  /** Writes the counts that still wait, and ends. */
  async stop(): Promise<void> {
    for (const series of this.#series.values()) {
      if (!series.cancel) continue;
      series.cancel();
      series.cancel = undefined;
      this.#enqueue(() => this.#patchCount(series));
    }
    await this.flush();
    this.#series.clear();
  }

  #begin(key: string, about: KubeObject, note: EventNote): void {
    const now = this.#clock.now();
    const namespace = about.metadata.namespace ?? 'default';
    const suffix = createHash('sha256').update(`${key}\n${now}\n${this.#options.instance}`).digest('hex').slice(0, 16);
    const name = `${about.metadata.name.slice(0, 200)}.${suffix}`;
    const ref = { apiVersion: 'events.k8s.io/v1', kind: 'Event', name, namespace };
    this.#series.delete(key);
    this.#series.set(key, { ref, count: 1, written: 1, startedAt: now, writtenAt: now });
    this.#forgetOld(now);
    this.#enqueue(async () => {
      await this.#options.api.create(this.#renderEvent(ref, about, note));
    });
  }

  #renderEvent(ref: ObjectRef, about: KubeObject, note: EventNote): KubeObject {
    const { name, namespace, ...rest } = about.metadata;
    return {
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      metadata: { name: ref.name, ...(ref.namespace ? { namespace: ref.namespace } : {}) },
      eventTime: microTime(this.#clock.now()),
      type: note.type,
      reason: note.reason,
      action: note.action ?? 'Reconcile',
      note: note.message.length > MAX_MESSAGE ? `${note.message.slice(0, MAX_MESSAGE - 1)}…` : note.message,
      reportingController: this.#options.component,
      reportingInstance: this.#options.instance.slice(0, 128),
      regarding: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name,
        ...(namespace ? { namespace } : {}),
        ...(rest['uid'] ? { uid: rest['uid'] } : {}),
        ...(rest['resourceVersion'] ? { resourceVersion: rest['resourceVersion'] } : {}),
      },
    };
  }

  async #patchCount(series: Series): Promise<void> {
    const { ref, count } = series;
    if (count === series.written) return;
    const now = this.#clock.now();
    series.writtenAt = now;
    const patch = { series: { count, lastObservedTime: microTime(now) } };
    await this.#options.api.patch(ref, patch, { type: 'merge', fieldManager: this.#options.component });
    series.written = count;
  }

  #enqueue(write: () => Promise<void>): void {
    if (this.#waiting >= MAX_WAITING) {
      this.#options.log.warn({ waiting: this.#waiting }, 'an Event was not written: too many wait already');
      return;
    }
    this.#waiting += 1;
    this.#pending = this.#pending
      .then(write)
      .catch((error: unknown) => {
        // Events expire by themselves: the count of one that is gone is of no use.
        if (!isNotFound(error)) this.#options.log.warn({ error }, 'an Event was not written');
      })
      .finally(() => (this.#waiting -= 1));
  }

  /** Those whose time is over, and the oldest where there are too many. The oldest come first. */
  #forgetOld(now: number): void {
    for (const [key, { startedAt, cancel }] of this.#series) {
      const isOver = now - startedAt >= SERIES_MS && !cancel;
      if (!isOver && this.#series.size <= MAX_SERIES) return;
      cancel?.();
      this.#series.delete(key);
    }
  }

  /** How many series are remembered. */
  get size(): number {
    return this.#series.size;
  }
}

/** Kubernetes' MicroTime: microseconds are obligatory. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
