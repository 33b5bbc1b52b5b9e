import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AdmissionService } from './admission-service.ts';
import type { ServedConnection } from './connection-table.ts';
import type { Answer, Reply } from './exchange.ts';
import type { ServerLimits } from './limits.ts';

/** Serves HTTP/1.1 with keep-alive, which is what the API server speaks to a Service, on connections that others accepted. */
export class Http1Protocol {
  readonly #server: Server;
  readonly #sockets = new Map<Socket, ServedConnection>();
  readonly #idleDrainMs: number;
  #draining = false;

  constructor(service: AdmissionService, limits: ServerLimits) {
    this.#idleDrainMs = limits.idleDrainMs;
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
    socket.once('close', () => this.#sockets.delete(socket));
    this.#server.emit('connection', socket);
    if (this.#draining) this.#endWhenIdle(socket, connection);
  }

  /**
   * Ends each connection with its next answer, which says so. To close one that is kept open would lose the call that
   * is on its way by then: the API server does not send it again. One on which nobody asks for a while is closed.
   */
  drain(): void {
    this.#draining = true;
    for (const [socket, connection] of this.#sockets) this.#endWhenIdle(socket, connection);
  }

  destroy(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #endWhenIdle(socket: Socket, connection: ServedConnection): void {
    const timer = setTimeout(() => {
      if (!connection.isBusy) socket.destroySoon();
    }, this.#idleDrainMs);
    socket.once('close', () => clearTimeout(timer));
  }

  #serve(request: IncomingMessage, response: ServerResponse, service: AdmissionService): void {
    const connection = this.#sockets.get(request.socket);
    if (!connection) return;
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
