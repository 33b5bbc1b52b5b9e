import type { InformerPool } from '../kube/informer-pool.ts';
import type { Log } from '../telemetry/log.ts';
import { LiveReport, type Snapshot } from './live-report.ts';
import { MeshWatch } from './mesh-watch.ts';
import { loadPageAssets } from './page-assets.ts';
import { startPageServer, type PageServer } from './page-server.ts';
import type { ReportQuestion } from './watched-report.ts';

/** Computes a report in another thread, which the bytes are given to. */
export type ReportApart = (question: ReportQuestion & { objects: Uint8Array<ArrayBuffer> }) => Promise<Snapshot>;

export interface OperatorPageOptions {
  /** Where the page is served. */
  port: number;
  host: string;
  /** Whose page it is. */
  name: string;
  version: string;
  informers: Pick<InformerPool, 'open'>;
  report: ReportApart;
  log: Log;
  /** After so long without anybody who looks, nothing is watched any more; 5 minutes unless told. */
  idleMs?: number;
}

const IDLE_MS = 5 * 60_000;

/** The page of a replica: it watches the mesh while somebody looks, and costs nothing while nobody does. */
export class OperatorPage {
  readonly #options: OperatorPageOptions;
  readonly #live: LiveReport;
  #server: PageServer | undefined;
  #watch: MeshWatch | undefined;
  #last: { changes: number; snapshot: Snapshot } | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: OperatorPageOptions) {
    this.#options = options;
    this.#live = new LiveReport({ read: () => this.#read(), now: () => Date.now() });
  }

  /** @throws PageError when the port cannot be had */
  async start(): Promise<void> {
    const { port, host, log } = this.#options;
    this.#server = await startPageServer({ port, host, assets: loadPageAssets(), snapshot: () => this.#snapshot() });
    log.info({ url: this.#server.url }, 'the page is served');
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    await this.#forget();
  }

  #snapshot(): Promise<Snapshot> {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#forget(), this.#options.idleMs ?? IDLE_MS).unref();
    return this.#live.snapshot();
  }

  async #read(): Promise<Snapshot> {
    const watch = (this.#watch ??= this.#open());
    const mesh = await watch.read();
    const { changes } = watch;
    if (this.#last?.changes === changes) return this.#last.snapshot;
    const { name, version, report } = this.#options;
    const snapshot = await report({
      objects: new Uint8Array(Buffer.from(mesh.text, 'utf8')),
      unread: mesh.unread,
      source: { kind: 'cluster', name, sailwright: version },
      now: Date.now(),
    });
    this.#last = { changes, snapshot };
    return snapshot;
  }

  #open(): MeshWatch {
    const watch = new MeshWatch(this.#options.informers);
    watch.start();
    return watch;
  }

  async #forget(): Promise<void> {
    clearTimeout(this.#idle);
    const watch = this.#watch;
    this.#watch = this.#last = undefined;
    await watch?.stop();
  }
}
