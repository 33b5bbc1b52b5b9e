import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { AdmissionService } from './admission-service.ts';
import type { ServedConnection } from './connection-table.ts';
import type { Answer, Exchange, Reply } from './exchange.ts';
import type { ServerLimits } from './limits.ts';

const EXCHANGE = Symbol('exchange');
const CONNECTION = Symbol('connection');
/** Far more than the way to any API server and back takes. */
const GOAWAY_PAUSE_MS = 1_000;

interface AdmissionStream extends ServerHttp2Stream {
  [EXCHANGE]?: Exchange;
}

interface AdmissionSession extends ServerHttp2Session {
  [CONNECTION]?: ServedConnection;
}

/** Serves HTTP/2 on connections that others accepted. By streams: the request and response objects of the compatibility
 * layer cost more than all else in a call. */
export class Http2Protocol {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  #draining = false;
  /** Of the session that is being made. */
  #accepted: ServedConnection | undefined;

  constructor(service: AdmissionService, limits: ServerLimits) {
    this.#server = createServer({
      settings: {
        maxConcurrentStreams: limits.maxConcurrentStreams,
        maxHeaderListSize: limits.maxHeaderBytes,
        initialWindowSize: 256 * 1024,
        enablePush: false,
      },
      maxHeaderListPairs: 64,
      maxSendHeaderBlockLength: limits.maxHeaderBytes,
      maxSessionMemory: 32,
    });
    this.#server.on('stream', (stream: AdmissionStream, headers) => serve(stream, headers, service));
    this.#server.on('session', (session) => this.#track(session, limits));
    // A peer that breaks the protocol ends its own connection only.
    this.#server.on('sessionError', () => undefined);
  }

  accept(socket: TLSSocket, connection: ServedConnection): void {
    this.#accepted = connection;
    this.#server.emit('connection', socket);
    this.#accepted = undefined;
  }

  /** Tells all peers to send no more on these connections (GOAWAY), and ends each when what is under way is answered. */
  drain(): void {
    this.#draining = true;
    for (const session of this.#sessions) retire(session);
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }

  #track(session: AdmissionSession, limits: ServerLimits): void {
    this.#sessions.add(session);
    if (this.#accepted) session[CONNECTION] = this.#accepted;
    // Bodies of several streams must not wait for each other's window updates.
    session.setLocalWindowSize(4 * 1024 * 1024);
    session.setTimeout(limits.idleTimeoutMs, () => retire(session));
    session.on('close', () => this.#sessions.delete(session));
    session.on('error', () => undefined);
    if (this.#draining) retire(session);
  }
}

/**
 * Ends a connection so that no request is lost. Requests that cross the GOAWAY on their way are sent again by the
 * caller, but only if it reads the GOAWAY before the connection breaks: hence the pause between the two.
 */
function retire(session: ServerHttp2Session): void {
  if (session.destroyed) return;
  session.goaway();
  const timer = setTimeout(() => session.close(), GOAWAY_PAUSE_MS);
  session.once('close', () => clearTimeout(timer));
}

function serve(stream: AdmissionStream, headers: IncomingHttpHeaders, service: AdmissionService): void {
  const connection = (stream.session as AdmissionSession | undefined)?.[CONNECTION];
  if (!connection) {
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
    return;
  }
  const exchange = service.begin(
    {
      method: headers[':method'] ?? '',
      url: headers[':path'] ?? '/',
      contentType: headers['content-type'],
      contentLength: headers['content-length'],
      connection,
    },
    new StreamReply(stream),
  );
  stream.on('error', ignore);
  if (exchange.state === 'done') {
    stream.resume();
    return;
  }
  stream[EXCHANGE] = exchange;
  stream.on('data', onData);
  stream.on('end', onEnd);
  stream.on('close', onClose);
}

function onData(this: AdmissionStream, chunk: Buffer): void {
  this[EXCHANGE]?.receive(chunk);
}

function onEnd(this: AdmissionStream): void {
  this[EXCHANGE]?.complete();
}

function onClose(this: AdmissionStream): void {
  this[EXCHANGE]?.abandon();
}

function ignore(): void {
  // The stream's `close` follows, and that ends the exchange.
}

class StreamReply implements Reply {
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  send({ status, contentType, body }: Answer, last: boolean): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed || stream.headersSent) return;
    const length = typeof body === 'string' ? Buffer.byteLength(body, 'utf8') : body.length;
    stream.respond({ ':status': status, 'content-type': contentType, 'content-length': length });
    // Text goes as it is: Node writes it in one go, without an array of bytes beside it.
    stream.end(body);
    if (last) stream.close(constants.NGHTTP2_NO_ERROR);
  }
}
