import type { KubeConfig } from '@kubernetes/client-node';
import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent, type RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';

/** How one request reaches the API server: address, credentials and a pool of connections. */
export interface Connection {
  base: URL;
  agent: HttpAgent;
  headers: Record<string, string>;
  auth?: string;
}

// Credentials come from files or programs; client-node caches them itself but builds a new agent per call.
const CREDENTIALS_FRESH_MS = 5_000;

/**
 * Takes address and credentials from a KubeConfig (in-cluster token, exec program, client certificate, ...) and keeps
 * one pool of connections for as long as the TLS material stays the same. Rotated credentials are picked up by
 * themselves.
 */
export class ConnectionSource {
  readonly #kubeConfig: KubeConfig;
  #current: { connection: Connection; fingerprint: string; at: number } | undefined;
  #pending: Promise<Connection> | undefined;

  constructor(kubeConfig: KubeConfig) {
    this.#kubeConfig = kubeConfig;
  }

  /** `fresh` asks for the credentials again, for after a 401. */
  async fetchConnection(fresh = false): Promise<Connection> {
    const current = this.#current;
    if (!fresh && current && performance.now() - current.at < CREDENTIALS_FRESH_MS) return current.connection;
    this.#pending ??= this.#refresh().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** Where one connection carries nothing, those that were idle beside it may carry nothing either. */
  closeIdle(): void {
    if (this.#current) closeIdle(this.#current.connection.agent);
  }

  close(): void {
    this.#current?.connection.agent.destroy();
    this.#current = undefined;
  }

  async #refresh(): Promise<Connection> {
    const cluster = this.#kubeConfig.getCurrentCluster();
    if (!cluster) {
      throw new Error(
        `the kubeconfig names no cluster for its current context ${this.#kubeConfig.getCurrentContext() || '(none)'}`,
      );
    }
    const options: RequestOptions = {};
    await this.#kubeConfig.applyToHTTPSOptions(options);
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const tls = Object.fromEntries(
      Object.entries({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([cluster.server, cluster.proxyUrl ?? '', tls]))
      .digest('hex');
    const previous = this.#current;
    const agent =
      previous?.fingerprint === fingerprint ? previous.connection.agent : this.#createAgent(options, cluster, tls);
    // Only idle sockets of the old pool are closed at once; requests under way end as usual.
    if (previous && previous.connection.agent !== agent) closeIdle(previous.connection.agent);
    const connection: Connection = {
      base: new URL(cluster.server),
      agent,
      headers: Object.fromEntries(
        Object.entries(options.headers ?? {}).map(([name, value]) => [name, headerText(value)]),
      ),
      ...(options.auth ? { auth: options.auth } : {}),
    };
    this.#current = { connection, fingerprint, at: performance.now() };
    return connection;
  }

  #createAgent(options: RequestOptions, cluster: { server: string; proxyUrl?: string }, tls: object): HttpAgent {
    // client-node knows how to go through a proxy; its agent is then used as it is.
    if (cluster.proxyUrl && options.agent instanceof HttpAgent) return options.agent;
    const pool = { keepAlive: true, maxFreeSockets: 16 };
    if (cluster.server.startsWith('http:')) return new HttpAgent(pool);
    // Node would read the certificates anew for each connection: some milliseconds, and many are opened at once.
    return new Agent({ ...tls, ...pool, secureContext: createSecureContext(tls) });
  }
}

function headerText(value: number | string | readonly string[] | undefined): string {
  return (Array.isArray(value) ? value.join(', ') : String(value ?? '')).trim();
}

function closeIdle(agent: HttpAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
