import type { AdmissionContext, AdmissionRoute } from './admission-handler.ts';
import type { ServedConnection } from './connection-table.ts';

/** How an exchange answers, whatever the protocol. Sending to a caller that has gone does nothing. */
export interface Reply {
  /** `last`: the connection is of no more use, because the rest of a body is still under way. */
  send(answer: Answer, last: boolean): void;
}

export interface Answer {
  status: number;
  contentType: string;
  body: string | Uint8Array;
}

/** What an exchange tells the server it belongs to. */
export interface ExchangeOwner {
  /** The body is complete. */
  onBody(exchange: Exchange, body: Buffer): void;
  /** The body is larger than allowed, or all bodies together are. */
  onTooMuch(exchange: Exchange, which: 'body' | 'buffers'): void;
  /** Whether there is room for so many bytes more. */
  reserve(exchange: Exchange, bytes: number): boolean;
  release(exchange: Exchange, bytes: number): void;
  /** Nothing more is to come of it. */
  onEnd(exchange: Exchange): void;
}

const NO_ROUTE = '';
const NO_BODY = Buffer.alloc(0);
/** Made once: an error with its stack for each answer costs a twentieth of a judgement. */
const ANSWERED = new Error('nobody waits for the answer any more');

/** One request from its headers to its answer. */
export class Exchange implements AdmissionContext {
  readonly route: AdmissionRoute | undefined;
  readonly path: string;
  readonly query: string;
  readonly connection: ServedConnection;
  /** By the monotonic clock. */
  readonly startedAt: number;
  /** When to give up, by the same clock: first on the body, then on the answer. */
  deadline: number;
  state: 'receiving' | 'judging' | 'done' = 'receiving';
  readonly #owner: ExchangeOwner;
  readonly #reply: Reply;
  readonly #maxBytes: number;
  #first: Buffer | undefined;
  #rest: Buffer[] | undefined;
  #size = 0;
  #abort: AbortController | undefined;

  constructor(
    owner: ExchangeOwner,
    reply: Reply,
    target: { route: AdmissionRoute | undefined; path: string; query: string; connection: ServedConnection },
    limits: { startedAt: number; deadline: number; maxBytes: number },
  ) {
    this.#owner = owner;
    this.#reply = reply;
    this.route = target.route;
    this.path = target.path;
    this.query = target.query;
    this.connection = target.connection;
    this.startedAt = limits.startedAt;
    this.deadline = limits.deadline;
    this.#maxBytes = limits.maxBytes;
  }

  get peer(): string {
    return this.connection.address;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.state === 'done') this.#abort.abort(ANSWERED);
    return this.#abort.signal;
  }

  /** The route for metrics. */
  get routePath(): string {
    return this.route?.path ?? NO_ROUTE;
  }

  receive(chunk: Buffer): void {
    if (this.state !== 'receiving') return;
    if (this.#size + chunk.length > this.#maxBytes) {
      this.#owner.onTooMuch(this, 'body');
      return;
    }
    if (!this.#owner.reserve(this, chunk.length)) {
      this.#owner.onTooMuch(this, 'buffers');
      return;
    }
    this.#size += chunk.length;
    if (this.#first === undefined) this.#first = chunk;
    else (this.#rest ??= [this.#first]).push(chunk);
  }

  /** The caller has sent all. */
  complete(): void {
    if (this.state !== 'receiving') return;
    this.state = 'judging';
    const body = this.#rest ? Buffer.concat(this.#rest) : (this.#first ?? NO_BODY);
    this.#drop();
    this.#owner.onBody(this, body);
  }

  /** Only the first answer counts. */
  answer(answer: Answer): boolean {
    if (this.state === 'done') return false;
    const last = this.state === 'receiving';
    this.#finish();
    this.#reply.send(answer, last);
    return true;
  }

  /** The caller has gone. */
  abandon(): void {
    if (this.state !== 'done') this.#finish();
  }

  #finish(): void {
    this.state = 'done';
    this.#drop();
    this.#abort?.abort(ANSWERED);
    this.#owner.onEnd(this);
  }

  #drop(): void {
    this.#owner.release(this, this.#size);
    this.#size = 0;
    this.#first = undefined;
    this.#rest = undefined;
  }
}
