import { createHash } from 'node:crypto';
import type { MeshReport } from '../core/report/mesh-report.ts';

/** A report as it is sent. */
export interface Snapshot {
  json: string;
  /** Equal for reports that differ in nothing but when they were made. */
  etag: string;
}

/** A report as it is sent. */
export function snapshotOf(report: MeshReport): Snapshot {
  const lasting = JSON.stringify({ ...report, at: '' });
  const etag = `"${createHash('sha256').update(lasting, 'utf8').digest('base64url')}"`;
  return { json: JSON.stringify(report), etag };
}

export interface LiveReportOptions {
  read: () => Promise<Snapshot>;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** A cluster of thousands of pods takes a second or two to read: more often nobody needs it. */
const FRESH_MS = 10_000;

/** The report of a cluster, read anew when somebody asks and the last one is old: whoever asks meanwhile waits with him. */
export class LiveReport {
  readonly #options: LiveReportOptions;
  #last: { at: number; snapshot: Snapshot } | undefined;
  #pending: Promise<Snapshot> | undefined;

  constructor(options: LiveReportOptions) {
    this.#options = options;
  }

  /** @throws what the reading throws; the next call tries again */
  async snapshot(): Promise<Snapshot> {
    const { now } = this.#options;
    if (this.#last && now() - this.#last.at < FRESH_MS) return this.#last.snapshot;
    this.#pending ??= this.#read().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #read(): Promise<Snapshot> {
    const { read, now } = this.#options;
    const snapshot = await read();
    this.#last = { at: now(), snapshot };
    return snapshot;
  }
}
