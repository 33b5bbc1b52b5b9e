import type { KubeConfig } from '@kubernetes/client-node';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errorText } from '../core/error-text.ts';
import { sleep, systemClock, type Clock } from '../runtime/clock.ts';
import { nextSlice } from '../runtime/slices.ts';
import { ConnectionSource } from './connection.ts';
import { ApiError, CLIENT_REASONS, decodeApiError } from './errors.ts';
import { decideRetry, decideTimeout } from './retry-policy.ts';

/** One request to the API server. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  /** `application/json` unless told. */
  accept?: string;
  signal?: AbortSignal | undefined;
  /** For one attempt, instead of the transport's. */
  timeoutMs?: number;
  /** Carrying it out twice does no harm: it may be sent again when nobody knows what became of it. GETs always may. */
  idempotent?: boolean;
  /** Called before each attempt; what it throws ends the request. */
  beforeAttempt?: () => void;
  /** Whatever the answer is, the request is not sent again. */
  isFinal?: boolean;
}

export interface TransportOptions {
  userAgent: string;
  /** For one attempt, from sending to the end of the answer. */
  timeoutMs: number;
  maxResponseBytes: number;
  /** For how long a request is sent again that fails without a word of when to come back. */
  patienceMs: number;
  signal?: AbortSignal | undefined;
  clock?: Clock;
}

/** Takes an answer in pieces. */
export interface PieceReceiver {
  /** What it throws ends the request. */
  write(piece: Buffer): void;
}

/**
 * JSON over HTTP to the API server. client-node's own API classes are not used for requests: their typed serializer
 * drops every field that its models do not know, and a controller that reads and writes objects must drop nothing.
 */
export class Transport {
  readonly #source: ConnectionSource;
  readonly #options: TransportOptions;

  constructor(kubeConfig: KubeConfig, options: TransportOptions) {
    this.#source = new ConnectionSource(kubeConfig);
    this.#options = options;
  }

  /** Sends and decodes the JSON answer. Retries what is safe to retry. */
  async fetchJson(request: ApiRequest): Promise<unknown> {
    return this.#repeat(request, async (attempt) => {
      const response = await this.#open(attempt, this.#timeoutOf(attempt));
      const body = await this.#readBody(response, attempt);
      return decodeJson(body, attempt);
    });
  }

  /**
   * Sends, and hands the answer over as it arrives; the time limit is for the next piece of it. When the request is
   * sent again, a new receiver is made.
   */
  async fetchPieces<T extends PieceReceiver>(request: ApiRequest, createReceiver: () => T): Promise<T> {
    return this.#repeat(request, async (attempt) => {
      // Dozens of lists are asked for, and arrive, at once when an operator starts.
      await nextSlice();
      const response = await this.#open(attempt, undefined);
      const receiver = createReceiver();
      await this.#readPieces(response, attempt, async (piece) => {
        await nextSlice();
        receiver.write(piece);
      });
      return receiver;
    });
  }

  /** Sends and returns the answer once its headers are there; its body has no time limit. */
  async openStream(request: ApiRequest): Promise<IncomingMessage> {
    return this.#open(request, undefined);
  }

  close(): void {
    this.#source.close();
  }

  #timeoutOf(request: ApiRequest): number {
    return request.timeoutMs ?? this.#options.timeoutMs;
  }

  async #repeat<T>(request: ApiRequest, send: (attempt: ApiRequest) => Promise<T>): Promise<T> {
    const { clock = systemClock, patienceMs } = this.#options;
    const isSafe = request.method === 'GET' || request.idempotent === true;
    const began = clock.monotonic();
    for (let attempt = 1; ; attempt += 1) {
      const timeoutMs = decideTimeout(isSafe, attempt, this.#timeoutOf(request));
      try {
        return await send({ ...request, timeoutMs });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const elapsedMs = clock.monotonic() - began;
        const waitMs = decideRetry({ isSafe, error, attempt, elapsedMs, patienceMs }, Math.random());
        if (waitMs === undefined || request.isFinal) throw error;
        await sleep(clock, waitMs, this.#signalOf(request));
      }
    }
  }

  #signalOf(request: ApiRequest): AbortSignal | undefined {
    const signals = [request.signal, this.#options.signal].filter((signal) => signal !== undefined);
    return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  }

  async #open(request: ApiRequest, bodyTimeoutMs: number | undefined): Promise<IncomingMessage> {
    let response = await this.#attempt(request, bodyTimeoutMs, false);
    // A token may have been rotated since it was read.
    if (response.statusCode === 401) {
      response.resume();
      response = await this.#attempt(request, bodyTimeoutMs, true);
    }
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    const body = await this.#readBody(response, request);
    throw decodeApiError(status, body, describe(request), response.headers['retry-after']);
  }

  async #attempt(request: ApiRequest, bodyTimeoutMs: number | undefined, fresh: boolean): Promise<IncomingMessage> {
    const signal = this.#signalOf(request);
    if (signal?.aborted) throw abortedError(request, signal);
    request.beforeAttempt?.();
    const outgoing = await this.#prepare(request, fresh);
    const timeoutMs = this.#timeoutOf(request);
    return new Promise((resolve, reject) => {
      let answer: IncomingMessage | undefined;
      // Once there is an answer only its own destruction hands the reason to whoever reads it.
      const end = (error: ApiError): void => void (answer ?? outgoing).destroy(error);
      const giveUp = (): void => {
        const text = `no answer within ${timeoutMs / 1000} s`;
        this.#source.closeIdle();
        end(clientError(request, CLIENT_REASONS.timeout, text));
      };
      const abort = (): void => end(abortedError(request, signal));
      const timer = setTimeout(giveUp, timeoutMs);
      const tidy = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      outgoing.once('response', (response) => {
        answer = response;
        if (bodyTimeoutMs === undefined) clearTimeout(timer);
        response.once('close', tidy);
        resolve(response);
      });
      outgoing.on('error', (error) => {
        tidy();
        reject(asApiError(request, error));
      });
      outgoing.end(encodeBody(request));
    });
  }

  async #prepare(request: ApiRequest, fresh: boolean): Promise<ClientRequest> {
    const connection = await this.#source.fetchConnection(fresh).catch((error: unknown) => {
      throw clientError(request, CLIENT_REASONS.connectionFailed, `no credentials: ${errorText(error)}`, error);
    });
    const url = new URL(connection.base);
    url.pathname = url.pathname.replace(/\/$/, '') + request.path;
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    return send(url, {
      method: request.method,
      agent: connection.agent,
      ...(connection.auth ? { auth: connection.auth } : {}),
      headers: {
        accept: request.accept ?? 'application/json',
        'user-agent': this.#options.userAgent,
        ...contentHeaders(request),
        ...connection.headers,
      },
    });
  }

  async #readBody(response: IncomingMessage, request: ApiRequest): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    await this.#readPieces(response, request, (piece) => {
      size += piece.length;
      if (size > this.#options.maxResponseBytes) {
        const text = `the answer is larger than ${this.#options.maxResponseBytes} bytes`;
        throw clientError(request, CLIENT_REASONS.tooLarge, text);
      }
      chunks.push(piece);
    });
    return Buffer.concat(chunks).toString('utf8');
  }

  async #readPieces(
    response: IncomingMessage,
    request: ApiRequest,
    take: (piece: Buffer) => void | Promise<void>,
  ): Promise<void> {
    const timeoutMs = this.#timeoutOf(request);
    const giveUp = (): void => {
      const text = `nothing more came within ${timeoutMs / 1000} s`;
      this.#source.closeIdle();
      response.destroy(clientError(request, CLIENT_REASONS.timeout, text));
    };
    const timer = setTimeout(giveUp, timeoutMs);
    try {
      for await (const piece of response as AsyncIterable<Buffer>) {
        timer.refresh();
        await take(piece);
      }
    } catch (error) {
      throw asApiError(request, error);
    } finally {
      clearTimeout(timer);
    }
  }
}

function encodeBody(request: ApiRequest): Buffer | undefined {
  return request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
}

/** Node frames no body of a DELETE by itself: without a length the server takes it for the next request. */
function contentHeaders(request: ApiRequest): Record<string, string> {
  const body = encodeBody(request);
  if (!body) return {};
  return { 'content-type': request.contentType ?? 'application/json', 'content-length': String(body.length) };
}

function decodeJson(body: string, request: ApiRequest): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    throw clientError(request, CLIENT_REASONS.badAnswer, `the answer is not JSON: ${body.slice(0, 200)}`, error);
  }
}

/** Turns whatever broke a request or its answer into an ApiError. */
export function asApiError(request: ApiRequest, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return clientError(request, CLIENT_REASONS.connectionFailed, errorText(error), error);
}

export function clientError(request: ApiRequest, reason: string, text: string, cause?: unknown): ApiError {
  return new ApiError({ status: 0, reason, message: `${describe(request)}: ${text}`, cause });
}

function abortedError(request: ApiRequest, signal: AbortSignal | undefined): ApiError {
  const reason: unknown = signal?.reason;
  // An abort without a reason of its own carries a DOMException that says no more than that.
  const why = reason instanceof Error && reason.name !== 'AbortError' ? reason.message : 'it is no longer needed';
  return clientError(request, CLIENT_REASONS.aborted, `given up: ${why}`);
}

function describe(request: ApiRequest): string {
  return `${request.method} ${request.path}`;
}
