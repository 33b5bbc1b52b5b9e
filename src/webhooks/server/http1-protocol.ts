import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AdmissionService } from './admission-service.ts';
import type { ServedConnection } from './connection-table.ts';
import type { Answer, Reply } from './exchange.ts';
import type { ServerLimits } from './limits.ts';

/** Serves HTTP/1.1 with keep-alive on connections that others accepted. */
export class Http1Protocol {
  readonly #server: Server;
  readonly #sockets = new Map<Socket, ServedConnection>();
  readonly #busy = new Set<Socket>();
  #draining = false;
  #onIdle: (() => void) | undefined;

  constructor(service: AdmissionService, limits: ServerLimits) {
    this.#server = createServer({
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.bodyTimeoutMs,
      requestTimeout: limits.bodyTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
    });
    this.#server.on('request', (request, response) => this.#serve(request, response, service));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  accept(socket: TLSSocket, connection: ServedConnection): void {
    this.#sockets.set(socket, connection);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#setIdle(socket);
    });
    this.#server.emit('connection', socket);
    if (this.#draining) socket.destroy();
  }

  /** Ends idle connections at once and the others after their answer. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const socket of this.#sockets.keys()) if (!this.#busy.has(socket)) socket.end();
    if (this.#busy.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  destroy(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #serve(request: IncomingMessage, response: ServerResponse, service: AdmissionService): void {
    const { socket } = request;
    const connection = this.#sockets.get(socket);
    if (!connection) return;
    this.#busy.add(socket);
    response.once('close', () => this.#setIdle(socket));
    const { headers } = request;
    const exchange = service.begin(
      {
        method: request.method ?? '',
        url: request.url ?? '/',
        contentType: headers['content-type'],
        contentLength: headers['content-length'],
        connection,
      },
      new MessageReply(response, () => this.#draining),
    );
    if (exchange.state === 'done') {
      request.resume();
      return;
    }
    request.on('data', (chunk: Buffer) => exchange.receive(chunk));
    request.on('end', () => exchange.complete());
    response.on('close', () => exchange.abandon());
    request.on('error', () => exchange.abandon());
  }

  #setIdle(socket: Socket): void {
    this.#busy.delete(socket);
    if (!this.#draining) return;
    socket.end();
    if (this.#busy.size === 0) this.#onIdle?.();
  }
}

class MessageReply implements Reply {
  readonly #response: ServerResponse;
  readonly #isDraining: () => boolean;

  constructor(response: ServerResponse, isDraining: () => boolean) {
    this.#response = response;
    this.#isDraining = isDraining;
  }

  send({ status, contentType, body }: Answer, last: boolean): void {
    const response = this.#response;
    if (response.headersSent || response.destroyed) return;
    const closing = last || this.#isDraining() ? { connection: 'close' } : {};
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      ...closing,
    });
    response.end(body);
  }
}
