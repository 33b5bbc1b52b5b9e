import type { Log } from '../../telemetry/log.ts';
import type { AdmissionMetrics } from '../../telemetry/admission-metrics.ts';
import { decodeAdmissionReview, encodeAdmissionReview, type AdmissionResponse } from '../admission-review.ts';
import type { AdmissionRoute } from './admission-handler.ts';
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
const SECOND = 1_000;

/** What all protocols share: which request is taken, who judges it, what is answered, and when waiting ends. */
export class AdmissionService implements ExchangeOwner {
  readonly #options: AdmissionServiceOptions;
  readonly #open = new Set<Exchange>();
  #buffered = 0;

  constructor(options: AdmissionServiceOptions) {
    this.#options = options;
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
      { route, path, query },
      { startedAt, deadline, maxBytes: limits.maxBodyBytes },
    );
    this.#open.add(exchange);
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
      else this.#refuse(exchange, text(504, 'the judgement took too long'));
    }
  }

  onTooMuch(exchange: Exchange, which: 'body' | 'buffers'): void {
    this.#refuse(exchange, which === 'body' ? this.#tooLarge() : text(503, 'too many requests are being received'));
  }

  reserve(bytes: number): boolean {
    if (this.#buffered + bytes > this.#options.limits.maxBufferedBytes) return false;
    this.#buffered += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#buffered -= bytes;
  }

  onEnd(exchange: Exchange): void {
    this.#open.delete(exchange);
  }

  onBody(exchange: Exchange, body: string): void {
    const { route } = exchange;
    if (body === '' || !route) {
      this.#refuse(exchange, text(400, 'the body is empty: an AdmissionReview is expected'));
      return;
    }
    const review = decodeAdmissionReview(body);
    const { version } = review;
    if (!review.ok) {
      const response: AdmissionResponse = {
        allowed: false,
        message: review.problem,
        code: 400,
        verdict: 'Undecodable',
      };
      this.#respond(exchange, response, encodeAdmissionReview(version, review.uid, response));
      return;
    }
    const { request } = review;
    const { uid } = request;
    try {
      const response = route.handle(request, exchange);
      if (!(response instanceof Promise)) {
        this.#respond(exchange, response, encodeAdmissionReview(version, uid, response));
        return;
      }
      exchange.deadline = exchange.startedAt + this.#answerTimeout(exchange);
      response
        .then((late) => this.#respond(exchange, late, encodeAdmissionReview(version, uid, late)))
        .catch((error: unknown) => this.#fail(exchange, { version, uid }, error));
    } catch (error) {
      this.#fail(exchange, { version, uid }, error);
    }
  }

  #answerTimeout({ query }: Exchange): number {
    return computeAnswerTimeout(query, this.#options.limits.answerTimeoutMs);
  }

  /** A handler broke: the caller learns that, the log learns why. */
  #fail(
    exchange: Exchange,
    review: { version: Parameters<typeof encodeAdmissionReview>[0]; uid: string },
    error: unknown,
  ): void {
    this.#options.log.error({ error, path: exchange.routePath, uid: review.uid }, 'a webhook handler failed');
    const message = `the webhook failed inside; its log names uid ${review.uid}`;
    const response: AdmissionResponse = { allowed: false, message, code: 500, verdict: 'InternalError' };
    this.#respond(exchange, response, encodeAdmissionReview(review.version, review.uid, response));
  }

  #respond(exchange: Exchange, response: AdmissionResponse, body: string): void {
    if (!exchange.answer({ status: 200, contentType: JSON_TYPE, body })) return;
    this.#record(exchange, response.verdict ?? (response.allowed ? 'Allowed' : 'Denied'), 200);
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
