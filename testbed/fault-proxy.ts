// Stands between the operator and the API server, and lets a test break what passes.
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';
import { issueCertificate } from '../src/webhooks/certificates/issue-certificate.ts';

/** One request as a test judges it. */
export interface ProxiedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  readonly isWrite: boolean;
}

/** What happens to a request. */
export type Fault =
  /** The connection breaks at once. */
  | 'reset'
  /** It is never passed on and never answered. */
  | 'lose'
  /** This is answered in the place of the API server, e.g. 429 with `retry-after`, 503, or 404. */
  | Answer
  /** It is held for so long before it goes on, unless the client gives up first; its answer may be lost. */
  | { readonly delayMs?: number; readonly loseAnswer?: boolean };

interface Answer {
  readonly answer: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** One request that came in, for counting. */
export interface SeenRequest extends ProxiedRequest {
  /** `performance.now()` when it came. */
  readonly at: number;
  /** Of the answer, once there is one. */
  status?: number;
  /** `performance.now()` when the API server answered; a request that it never got has none. */
  answeredAt?: number;
}

interface Cluster {
  server: string;
  'certificate-authority-data'?: string;
}

interface Kubeconfig {
  clusters: { cluster: Cluster }[];
  users: { user: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  body: Buffer;
  seen: SeenRequest;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

const LIFETIME_MS = 24 * 3_600_000;

/** An HTTPS proxy with a certificate of its own; requests without a token act as the user of the given kubeconfig. */
export class FaultProxy {
  /** Decides the fate of each request; undefined lets it pass. */
  fault: (request: ProxiedRequest) => Fault | undefined = () => undefined;
  /** Every request since the last `forget`. */
  readonly seen: SeenRequest[] = [];
  readonly #kubeconfig: Kubeconfig;
  readonly #ca: string;
  readonly #server: Server;
  readonly #target: URL;
  readonly #agent: Agent;
  readonly #sockets = new Set<Socket>();
  /** Connections whose bytes are lost in both directions, for ever. */
  readonly #silent = new WeakSet<Socket>();
  #partition: PromiseWithResolvers<void> | undefined;

  private constructor(kubeconfig: Kubeconfig, pem: { certificate: string; key: string; ca: string }) {
    this.#kubeconfig = kubeconfig;
    this.#ca = pem.ca;
    const cluster = kubeconfig.clusters[0]?.cluster;
    const user = kubeconfig.users[0]?.user;
    this.#target = new URL(cluster?.server ?? '');
    this.#agent = new Agent({
      keepAlive: true,
      ca: decode(cluster?.['certificate-authority-data']),
      cert: decode(user?.['client-certificate-data']),
      key: decode(user?.['client-key-data']),
    });
    this.#server = createServer({ cert: pem.certificate, key: pem.key }, (incoming, outgoing) => {
      void this.#handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
    this.#server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Listens on a free port of 127.0.0.1, in front of the cluster that a kubeconfig file names. */
  static async start(kubeconfigPath: string): Promise<FaultProxy> {
    const kubeconfig = parse(await readFile(kubeconfigPath, 'utf8')) as Kubeconfig;
    const pem = await issueCertificate({ names: ['127.0.0.1'], now: Date.now(), lifetimeMs: LIFETIME_MS });
    const proxy = new FaultProxy(kubeconfig, pem);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Writes the same kubeconfig with this proxy for a server; a user with a certificate loses it to the proxy. */
  async writeKubeconfig(path: string): Promise<string> {
    const config = structuredClone(this.#kubeconfig);
    for (const { cluster } of config.clusters) {
      cluster.server = this.url;
      cluster['certificate-authority-data'] = Buffer.from(this.#ca).toString('base64');
    }
    for (const { user } of config.users) {
      delete user['client-certificate-data'];
      delete user['client-key-data'];
    }
    await writeFile(path, stringify(config), { mode: 0o600 });
    return path;
  }

  /** Forgets what was seen. */
  forget(): void {
    this.seen.length = 0;
  }

  /**
   * All connections that are open now stay open and carry nothing any more, as when a router between has lost its
   * table. New ones are good. Returns how many were silenced.
   */
  silence(): number {
    for (const socket of this.#sockets) this.#silent.add(socket);
    return this.#sockets.size;
  }

  /** From now until `heal` nothing passes: neither on open connections nor on new ones. What is held then goes on. */
  partition(): void {
    this.#partition ??= Promise.withResolvers();
  }

  heal(): void {
    this.#partition?.resolve();
    this.#partition = undefined;
  }

  /** Breaks all connections that are open now. */
  reset(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.heal();
    this.reset();
    this.#agent.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = describe(incoming);
    const seen: SeenRequest = { ...request, at: performance.now() };
    this.seen.push(seen);
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const body = await buffer(incoming);
    await this.#partition?.promise;
    if (gone.signal.aborted || this.#silent.has(incoming.socket)) return;
    const fault = this.fault(request);
    if (fault === 'lose') return;
    if (fault === 'reset') incoming.socket.destroy();
    else if (fault && 'answer' in fault) sendAnswer(outgoing, fault, seen);
    else await this.#carryOut({ incoming, outgoing, body, seen, signal: gone.signal }, fault);
  }

  async #carryOut(exchange: Exchange, fault: { delayMs?: number; loseAnswer?: boolean } = {}): Promise<void> {
    const { incoming, outgoing, body, seen, signal } = exchange;
    if (fault.delayMs !== undefined) await wait(fault.delayMs, signal);
    if (signal.aborted) return;
    const answer = await this.#forward(incoming, body, signal);
    seen.status = answer.statusCode ?? 0;
    seen.answeredAt = performance.now();
    await this.#passOn(answer, outgoing, () => fault.loseAnswer === true || this.#silent.has(incoming.socket));
  }

  #forward(incoming: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, headers } = incoming;
      const url = new URL(incoming.url ?? '/', this.#target);
      const forwarded = { ...headers, host: this.#target.host };
      const request = httpsRequest(url, { method, headers: forwarded, agent: this.#agent, signal }, resolve);
      request.on('error', reject);
      request.end(body);
    });
  }

  async #passOn(answer: IncomingMessage, outgoing: ServerResponse, isLost: () => boolean): Promise<void> {
    const deliver = async (act: () => void): Promise<void> => {
      await this.#partition?.promise;
      if (!isLost()) act();
    };
    await deliver(() => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // A watch has to be seen as accepted before its first event.
      outgoing.flushHeaders();
    });
    for await (const chunk of answer) await deliver(() => void outgoing.write(chunk));
    await deliver(() => void outgoing.end());
  }
}

function describe(incoming: IncomingMessage): ProxiedRequest {
  const url = new URL(incoming.url ?? '/', 'https://proxy');
  const method = incoming.method ?? 'GET';
  const isWatch = url.searchParams.get('watch') === 'true';
  return { method, path: url.pathname, query: url.searchParams, isWatch, isWrite: method !== 'GET' };
}

function sendAnswer(outgoing: ServerResponse, { answer: code, headers, body }: Answer, seen: SeenRequest): void {
  seen.status = code;
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'made by a test' };
  outgoing.writeHead(code, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body ?? status));
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}
