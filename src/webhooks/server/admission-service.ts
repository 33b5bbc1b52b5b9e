import type { Log } from '../../telemetry/log.ts';
import type { AdmissionMetrics } from '../../telemetry/admission-metrics.ts';
import {
  decodeAdmissionReview,
  encodeAdmissionReview,
  type AdmissionResponse,
  type ReviewVersion,
} from '../admission-review.ts';
import { PoolError } from '../../runtime/worker-pool.ts';
import { TurnQueue } from '../../runtime/turn-queue.ts';
import type { AdmissionRoute, EncodedAnswer, ReviewAnswer } from './admission-handler.ts';
import type { ServedConnection } from './connection-table.ts';
import { Exchange, type Answer, type ExchangeOwner, type Reply } from './exchange.ts';
import { computeAnswerTimeout, type ServerLimits } from './limits.ts';
import type { AdmissionRouter } from './router.ts';

/** The headers that matter. */
export interface RequestHead {
  method: string;
  /** Path and query. */
  url: string;
  contentType: string | undefined;
  contentLength: string | undefined;
  connection: ServedConnection;
}

export interface AdmissionServiceOptions {
  router: AdmissionRouter;
  limits: ServerLimits;
  metrics: AdmissionMetrics;
  log: Log;
  /** Milliseconds that only grow. */
  monotonic: () => number;
}

const JSON_TYPE = 'application/json';
const text = (status: number, body: string): Answer => ({ status, contentType: 'text/plain', body: `${body}\n` });
const TOO_LONG = text(504, 'the judgement took too long');
const BUSY = text(503, 'too much is being judged');
const NEWEST: ReviewVersion = 'admission.k8s.io/v1';
const SECOND = 1_000;
/** Of each turn of the event loop, together less than anybody notices. */
const URGENT_SHARE_MS = 5;
const PATIENT_SHARE_MS = 4;

/** The answer to what is no review. */
export function undecodable(message: string): AdmissionResponse {
  return { allowed: false, message, code: 400, verdict: 'Undecodable' };
}

/** What all protocols share: which request is taken, who judges it, what is answered, and when waiting ends. */
export class AdmissionService implements ExchangeOwner {
  readonly #options: AdmissionServiceOptions;
  readonly #open = new Set<Exchange>();
  readonly #urgent: TurnQueue;
  readonly #patient: TurnQueue;
  #buffered = 0;
  /** Of those that are open, how many wait for other threads. */
  #elsewhere = 0;

  constructor(options: AdmissionServiceOptions) {
    this.#options = options;
    const { monotonic } = options;
    this.#urgent = new TurnQueue({ monotonic, shareMs: URGENT_SHARE_MS });
    this.#patient = new TurnQueue({ monotonic, shareMs: PATIENT_SHARE_MS });
  }

  get inFlight(): number {
    return this.#open.size;
  }

  /** Begins an exchange, which may be answered already when this returns: refused by its headers. */
  begin(head: RequestHead, reply: Reply): Exchange {
    const { router, limits, monotonic } = this.#options;
    const question = head.url.indexOf('?');
    const path = question < 0 ? head.url : head.url.slice(0, question);
    const query = question < 0 ? '' : head.url.slice(question + 1);
    const route = router.find(path);
    const startedAt = monotonic();
    const deadline = startedAt + limits.bodyTimeoutMs;
    const exchange = new Exchange(
      this,
      reply,
      { route, path, query, connection: head.connection },
      { startedAt, deadline, maxBytes: limits.maxBodyBytes },
    );
    this.#open.add(exchange);
    head.connection.begin(startedAt);
    const refusal = this.#findRefusal(head, route);
    if (refusal) this.#refuse(exchange, refusal);
    return exchange;
  }

  #findRefusal(head: RequestHead, route: AdmissionRoute | undefined): Answer | undefined {
    if (!route) return text(404, 'no webhook has this path');
    if (head.method !== 'POST') return text(405, 'only POST is served');
    if (head.contentLength === '0') return text(400, 'the body is empty: an AdmissionReview is expected');
    if (head.contentType !== JSON_TYPE) return text(415, `the Content-Type must be ${JSON_TYPE}`);
    if (Number(head.contentLength ?? 0) > this.#options.limits.maxBodyBytes) return this.#tooLarge();
    return undefined;
  }

  #tooLarge(): Answer {
    return text(413, `the body is larger than ${this.#options.limits.maxBodyBytes} bytes`);
  }

  /** Ends what has waited too long. To be called now and then. */
  expire(): void {
    const now = this.#options.monotonic();
    for (const exchange of this.#open) {
      if (exchange.deadline > now) continue;
      if (exchange.state === 'receiving') this.#refuse(exchange, text(408, 'the body took too long'));
      else this.#refuse(exchange, TOO_LONG);
    }
  }

  onTooMuch(exchange: Exchange, which: 'body' | 'buffers'): void {
    this.#refuse(exchange, which === 'body' ? this.#tooLarge() : text(503, 'too many requests are being received'));
  }

  reserve({ connection }: Exchange, bytes: number): boolean {
    const { maxBufferedBytes, maxBufferedBytesPerAddress } = this.#options.limits;
    if (this.#buffered + bytes > maxBufferedBytes) return false;
    if (connection.peer.buffered + bytes > maxBufferedBytesPerAddress) return false;
    this.#buffered += bytes;
    connection.peer.buffered += bytes;
    return true;
  }

  release({ connection }: Exchange, bytes: number): void {
    this.#buffered -= bytes;
    connection.peer.buffered -= bytes;
  }

  onEnd(exchange: Exchange): void {
    this.#open.delete(exchange);
    exchange.connection.end(this.#options.monotonic());
  }

  onBody(exchange: Exchange, body: Buffer): void {
    const { route } = exchange;
    if (body.length === 0 || !route) {
      this.#refuse(exchange, text(400, 'the body is empty: an AdmissionReview is expected'));
      return;
    }
    const { large, isPatient } = route;
    if (large && body.length > large.aboveBytes) {
      this.#wait(exchange, large.judge(body, exchange), '');
      return;
    }
    const judge = (): void => {
      if (!this.#offer(exchange, route, body)) this.#judge(exchange, route, body.toString('utf8'));
    };
    const turns = isPatient ? this.#patient : this.#urgent;
    if (!turns.run(exchange.peer, judge)) this.#refuse(exchange, BUSY);
  }

  /** Whether another thread answers: a call that comes alone is answered soonest here. */
  #offer(exchange: Exchange, { offer }: AdmissionRoute, body: Buffer): boolean {
    if (!offer || exchange.state === 'done' || this.#open.size - this.#elsewhere <= 1) return false;
    const answer = offer(body, exchange);
    if (!answer) return false;
    this.#elsewhere += 1;
    const settled = answer.finally(() => (this.#elsewhere -= 1));
    this.#wait(exchange, settled, '');
    return true;
  }

  #judge(exchange: Exchange, route: AdmissionRoute, body: string): void {
    if (exchange.state === 'done') return;
    const review = decodeAdmissionReview(body);
    const { version } = review;
    if (!review.ok) {
      this.#respond(exchange, { version, uid: review.uid, response: undecodable(review.problem) });
      return;
    }
    const { request } = review;
    const { uid } = request;
    try {
      const response = route.handle(request, exchange);
      if (!(response instanceof Promise)) this.#respond(exchange, { version, uid, response });
      else
        this.#wait(
          exchange,
          response.then((late) => ({ version, uid, response: late })),
          uid,
          version,
        );
    } catch (error) {
      this.#fail(exchange, { version, uid }, error);
    }
  }

  #wait(
    exchange: Exchange,
    answer: Promise<ReviewAnswer | EncodedAnswer>,
    uid: string,
    version: ReviewVersion = NEWEST,
  ): void {
    exchange.deadline = exchange.startedAt + this.#answerTimeout(exchange);
    answer
      .then((late) => ('body' in late ? this.#send(exchange, late) : this.#respond(exchange, late)))
      .catch((error: unknown) => this.#fail(exchange, { version, uid }, error));
  }

  #answerTimeout({ query }: Exchange): number {
    return computeAnswerTimeout(query, this.#options.limits.answerTimeoutMs);
  }

  /** A handler broke: the caller learns that, the log learns why. A judge without time says so. */
  #fail(exchange: Exchange, review: { version: ReviewVersion; uid: string }, error: unknown): void {
    if (error instanceof PoolError) {
      this.#refuse(exchange, error.failure === 'busy' || error.failure === 'stopped' ? BUSY : TOO_LONG);
      return;
    }
    this.#options.log.error({ error, path: exchange.routePath, uid: review.uid }, 'a webhook handler failed');
    const message = `the webhook failed inside; its log names uid ${review.uid}`;
    this.#respond(exchange, { ...review, response: { allowed: false, message, code: 500, verdict: 'InternalError' } });
  }

  #respond(exchange: Exchange, { version, uid, response }: ReviewAnswer): void {
    const verdict = response.verdict ?? (response.allowed ? 'Allowed' : 'Denied');
    this.#send(exchange, { body: encodeAdmissionReview(version, uid, response), verdict });
  }

  #send(exchange: Exchange, { body, verdict }: { body: string | Uint8Array; verdict: string }): void {
    if (exchange.answer({ status: 200, contentType: JSON_TYPE, body })) this.#record(exchange, verdict, 200);
  }

  #refuse(exchange: Exchange, answer: Answer): void {
    if (exchange.answer(answer)) this.#record(exchange, 'Refused', answer.status);
  }

  #record(exchange: Exchange, verdict: string, code: number): void {
    const { metrics, monotonic } = this.#options;
    const seconds = (monotonic() - exchange.startedAt) / SECOND;
    metrics.recordAdmission({ path: exchange.routePath, verdict, code, seconds });
  }
}
