import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorText } from '../core/error-text.ts';
import { encodeMetrics, type MetricsSource } from './encode-metrics.ts';

/** Undefined when all is well, else why not. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

/** Where a server listens. */
export interface ListenOptions {
  /** 0 takes a free one. */
  port: number;
  /** All addresses unless told. */
  host?: string;
}

interface Page {
  status: number;
  contentType: string;
  body: string;
}

/** A small HTTP server that answers GET on given paths. */
class PageServer {
  readonly #options: ListenOptions;
  readonly #server: Server;

  constructor(options: ListenOptions, pages: Record<string, () => Promise<Page>>) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const render = Object.hasOwn(pages, path) ? pages[path] : undefined;
      const readable = request.method === 'GET' || request.method === 'HEAD';
      if (!render || !readable) {
        send(response, { status: render ? 405 : 404, contentType: 'text/plain', body: 'no such page\n' });
        return;
      }
      render().then(
        (page) => send(response, page),
        (error: unknown) => send(response, { status: 500, contentType: 'text/plain', body: `${errorText(error)}\n` }),
      );
    });
    this.#server.requestTimeout = 10_000;
  }

  /** The port it listens on. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port: this.#options.port, host: this.#options.host }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** Serves /healthz and /readyz: 200 when all named checks pass, else 503 with the reasons. */
export class HealthServer extends PageServer {
  readonly #health: Map<string, HealthCheck>;
  readonly #ready: Map<string, HealthCheck>;

  constructor(options: ListenOptions) {
    const health = new Map<string, HealthCheck>();
    const ready = new Map<string, HealthCheck>();
    super(options, { '/healthz': () => runChecks(health), '/readyz': () => runChecks(ready) });
    this.#health = health;
    this.#ready = ready;
  }

  /** What makes the kubelet restart the process when it fails. */
  addHealthCheck(name: string, check: HealthCheck): void {
    this.#health.set(name, check);
  }

  /** What keeps traffic away while it fails. */
  addReadyCheck(name: string, check: HealthCheck): void {
    this.#ready.set(name, check);
  }
}

/** Serves /metrics. */
export class MetricsServer extends PageServer {
  constructor(options: ListenOptions & { registry: MetricsSource }) {
    const { registry } = options;
    const render = async (): Promise<Page> => {
      const body = await encodeMetrics(registry);
      return { status: 200, contentType: registry.contentType, body };
    };
    super(options, { '/metrics': render });
  }
}

async function runChecks(checks: ReadonlyMap<string, HealthCheck>): Promise<Page> {
  const results = await Promise.all(
    [...checks].map(async ([name, check]) => {
      try {
        return { name, problem: await check() };
      } catch (error) {
        return { name, problem: errorText(error) };
      }
    }),
  );
  const lines = results.map(({ name, problem }) =>
    problem === undefined ? `ok ${name}` : `failed ${name}: ${problem}`,
  );
  const status = results.every(({ problem }) => problem === undefined) ? 200 : 503;
  return { status, contentType: 'text/plain', body: `${[...lines, status === 200 ? 'ok' : 'failed'].join('\n')}\n` };
}

function send(response: ServerResponse, page: Page): void {
  response.writeHead(page.status, { 'content-type': page.contentType, 'cache-control': 'no-store' });
  response.end(page.body);
}
