import { deferred } from '../../runtime/deferred.ts';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { AdmissionMetrics } from '../../telemetry/admission-metrics.ts';
import type { Log } from '../../telemetry/log.ts';
import type { AdmissionRoute } from './admission-handler.ts';
import { AdmissionService } from './admission-service.ts';
import { ConnectionTable, type ServedConnection } from './connection-table.ts';
import { Http1Protocol } from './http1-protocol.ts';
import { Http2Protocol } from './http2-protocol.ts';
import { DEFAULT_LIMITS, type ServerLimits } from './limits.ts';
import { AdmissionRouter } from './router.ts';

/** A serving certificate with its key, in PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

export interface WebhookServerOptions {
  /** 0 takes a free one. */
  port: number;
  /** All addresses unless told. */
  host?: string;
  routes: readonly AdmissionRoute[];
  metrics: AdmissionMetrics;
  log: Log;
  limits?: Partial<ServerLimits>;
  monotonic?: () => number;
}

const SWEEP_MS = 250;
const MIN_VERSION = 'TLSv1.2';

/** Answers the API server's admission calls over TLS, by HTTP/2 or HTTP/1.1. */
export class WebhookServer {
  readonly #options: WebhookServerOptions;
  readonly #router: AdmissionRouter;
  readonly #service: AdmissionService;
  readonly #http2: Http2Protocol;
  readonly #http1: Http1Protocol;
  readonly #tls: Server;
  readonly #table: ConnectionTable;
  readonly #monotonic: () => number;
  /** Until its handshake is done: TLS wraps it in another socket. By the port of the caller. */
  readonly #handshaking = new Map<string, ServedConnection>();
  #hasCertificate = false;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: WebhookServerOptions) {
    const { routes, metrics, log } = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const monotonic = options.monotonic ?? ((): number => performance.now());
    this.#options = options;
    this.#monotonic = monotonic;
    this.#table = new ConnectionTable(limits);
    this.#router = new AdmissionRouter(routes);
    this.#service = new AdmissionService({ router: this.#router, limits, metrics, log, monotonic });
    this.#http2 = new Http2Protocol(this.#service, limits);
    this.#http1 = new Http1Protocol(this.#service, limits);
    this.#tls = createServer({
      ALPNProtocols: ['h2', 'http/1.1'],
      minVersion: MIN_VERSION,
      handshakeTimeout: limits.handshakeTimeoutMs,
      noDelay: true,
    });
    this.#tls.on('connection', (socket: Socket) => this.#admit(socket));
    this.#tls.on('secureConnection', (socket) => this.#accept(socket));
    this.#tls.on('tlsClientError', (error) => log.debug({ error }, 'a TLS handshake failed'));
    metrics.watchServer(() => ({ inFlight: this.#service.inFlight, connections: this.#table.size }));
  }

  /** The port it listens on. */
  get port(): number {
    return (this.#tls.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  get isListening(): boolean {
    return this.#tls.listening;
  }

  /** Serves with another certificate from the next handshake on; connections that are open go on. */
  useCertificate({ certificate, key }: KeyPair): void {
    this.#tls.setSecureContext({ cert: certificate, key, minVersion: MIN_VERSION });
    this.#hasCertificate = true;
  }

  /** Undefined when calls can be answered, else why not. */
  findUnready(): string | undefined {
    if (!this.#hasCertificate) return 'no serving certificate yet';
    if (!this.isListening) return 'the webhook server does not listen';
    return this.#router.findUnready();
  }

  async start(): Promise<void> {
    this.#sweep = setInterval(() => this.#expire(), SWEEP_MS).unref();
    await new Promise<void>((resolve, reject) => {
      this.#tls.once('error', reject);
      this.#tls.listen({ port: this.#options.port, host: this.#options.host, backlog: 511 }, () => {
        this.#tls.off('error', reject);
        this.#tls.on('error', (error) => this.#options.log.error({ error }, 'the webhook server failed'));
        resolve();
      });
    });
  }

  /**
   * Takes no new connections, answers what is under way or still comes on those that are open, and closes them; what is
   * left after the deadline is cut.
   */
  async stop(deadlineMs = 10_000): Promise<void> {
    if (this.#tls.listening) this.#tls.close();
    const late = deferred<void>();
    const timer = setTimeout(late.resolve, deadlineMs);
    this.#http2.drain();
    this.#http1.drain();
    await Promise.race([this.#table.whenEmpty(), late.promise]);
    clearTimeout(timer);
    clearInterval(this.#sweep);
    this.#http2.destroy();
    this.#http1.destroy();
    for (const { socket } of this.#table.connections) socket.destroy();
  }

  #expire(): void {
    this.#service.expire();
    this.#table.expire(this.#monotonic());
  }

  #admit(socket: Socket): void {
    // What is closed already has no address.
    if (socket.remoteAddress === undefined) return;
    const caller = callerOf(socket);
    const connection = this.#table.open(socket.remoteAddress, socket, this.#monotonic());
    this.#handshaking.set(caller, connection);
    socket.once('close', () => {
      this.#table.remove(connection);
      if (this.#handshaking.get(caller) === connection) this.#handshaking.delete(caller);
    });
  }

  #accept(socket: TLSSocket): void {
    const caller = callerOf(socket);
    const connection = this.#handshaking.get(caller);
    this.#handshaking.delete(caller);
    if (!connection) {
      socket.destroy();
      return;
    }
    connection.isHandshaking = false;
    socket.on('error', () => socket.destroy());
    if (socket.alpnProtocol === 'h2') this.#http2.accept(socket, connection);
    else this.#http1.accept(socket, connection);
  }
}

function callerOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
