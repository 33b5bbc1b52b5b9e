import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errorText } from '../core/error-text.ts';
import { isJsonObject } from '../core/kube-object.ts';
import { printed } from '../core/values/value-tree.ts';
import type { Measured } from '../core/steps/judge-query.ts';

/** How Prometheus is reached. Files are read for each question: whoever mounts them may renew them. */
export interface PrometheusOptions {
  /** What comes before `/api/v1/query`. */
  url: URL;
  /** Certificates of who may have signed its own, in place of those that the system trusts. */
  caFile?: string | undefined;
  /** A bearer token, such as that of the service account. */
  tokenFile?: string | undefined;
  /** From asking to the end of the answer. */
  timeoutMs?: number;
}

/** Labels and value of each series that a query answers with, or why there are none. */
export type ListedSeries =
  { series: { labels: Readonly<Record<string, string>>; value: number }[] } | { failure: string };

/** Answers PromQL. What is not answered is a failure with its reason: nothing here rejects. */
export interface Prometheus {
  /** Whether it is asked with credentials of the operator, which whoever asks may not have. */
  readonly hasCredentials: boolean;
  /** The one value of a query, at a time in milliseconds since the epoch, or now. */
  measure(query: string, at?: number): Promise<Measured>;
  /** All series of a query, by their labels, in the order of the answer. */
  list(query: string): Promise<ListedSeries>;
}

const TIMEOUT_MS = 10_000;
/** One value has a few hundred bytes; more is a query that means something else. */
const MAX_BYTES = 256 * 1024;
const SHOWN = 200;

/** A client of the HTTP API of Prometheus, or of what speaks it. */
export function createPrometheus(options: PrometheusOptions): Prometheus {
  const read = async <T>(
    reader: (status: number, body: string) => T,
    query: string,
    at?: number,
  ): Promise<T | { failure: string }> => {
    try {
      const { status, body } = await ask(options, query, at);
      return reader(status, body);
    } catch (error) {
      return { failure: `Prometheus: ${errorText(error)}` };
    }
  };
  return {
    hasCredentials: options.tokenFile !== undefined,
    measure: (query, at) => read(readAnswer, query, at),
    list: (query) => read(readSeries, query),
  };
}

interface Answer {
  status: number;
  body: string;
}

async function ask(options: PrometheusOptions, query: string, at: number | undefined): Promise<Answer> {
  const { url, caFile, tokenFile, timeoutMs = TIMEOUT_MS } = options;
  const [ca, token] = await Promise.all([readText(caFile), readText(tokenFile)]);
  const target = new URL(url);
  target.pathname = `${target.pathname.replace(/\/$/, '')}/api/v1/query`;
  const timeout = Math.max(1, Math.floor(timeoutMs / 1000) - 1);
  const time = at === undefined ? {} : { time: (at / 1000).toFixed(3) };
  const body = new URLSearchParams({ query, ...time, timeout: `${timeout}s` }).toString();
  const send = target.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(target, {
      method: 'POST',
      ...(ca === undefined ? {} : { ca }),
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        ...(token === undefined ? {} : { authorization: `Bearer ${token.trim()}` }),
      },
    });
    let answer: IncomingMessage | undefined;
    // Once there is an answer only its own destruction hands the reason to whoever reads it.
    const giveUp = (): void => void (answer ?? outgoing).destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
    const timer = setTimeout(giveUp, timeoutMs);
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(error instanceof Error ? error : new Error(errorText(error)));
    };
    outgoing.on('error', fail);
    outgoing.once('response', (response) => {
      answer = response;
      readBody(response).then((text) => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body: text });
      }, fail);
    });
    outgoing.end(body);
  });
}

async function readText(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : readFile(file, 'utf8');
}

async function readBody(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BYTES) {
      response.destroy();
      throw new Error(`the answer is larger than ${MAX_BYTES / 1024} KiB`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Reads the answer of `/api/v1/query`. */
export function readAnswer(status: number, body: string): Measured {
  const data = dataOf(status, body);
  return 'failure' in data ? data : readData(data.type, data.result);
}

/** The same of a query that may answer with many series. */
export function readSeries(status: number, body: string): ListedSeries {
  const data = dataOf(status, body);
  if ('failure' in data) return data;
  if (data.type !== 'vector') return { failure: `the query answers with a ${data.type}; it must answer with series` };
  return {
    series: data.result.filter(isJsonObject).flatMap(({ metric, value }) => {
      const measured = Array.isArray(value) ? valueOf(value) : undefined;
      const number = measured && 'value' in measured ? measured.value : undefined;
      return number === undefined ? [] : [{ labels: labelsOf(metric), value: number }];
    }),
  };
}

function labelsOf(metric: unknown): Record<string, string> {
  const labels = isJsonObject(metric) ? Object.entries(metric) : [];
  return Object.fromEntries(labels.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

function dataOf(status: number, body: string): { type: string; result: unknown[] } | { failure: string } {
  const answer = parse(body);
  if (!isJsonObject(answer)) return { failure: `Prometheus answered ${status} with what is no JSON` };
  const { data, error, warnings } = answer;
  if (status !== 200 || answer['status'] !== 'success') {
    const why = typeof error === 'string' ? `: ${error.slice(0, SHOWN)}` : '';
    return { failure: `Prometheus answered ${status}${why}` };
  }
  // Of some of its sources it has no answer: what is missing may be what is wrong.
  if (Array.isArray(warnings) && warnings.length > 0) {
    return { failure: `Prometheus warns: ${JSON.stringify(warnings[0]).slice(0, SHOWN)}` };
  }
  if (!isJsonObject(data) || !Array.isArray(data['result'])) return { failure: 'Prometheus sent no data' };
  return { type: printed(data['resultType']), result: data['result'] };
}

function readData(type: string, result: readonly unknown[]): Measured {
  if (type === 'scalar') return valueOf(result);
  if (type !== 'vector') return { failure: `the query answers with a ${type}; it must answer with one value` };
  if (result.length > 1) return { failure: `the query answers with ${result.length} values; it must answer with one` };
  const [only] = result;
  if (only === undefined) return { value: undefined };
  return isJsonObject(only) && Array.isArray(only['value'])
    ? valueOf(only['value'])
    : { failure: 'the query answers with no number' };
}

/** `[time, "1.5"]` */
function valueOf([, text]: readonly unknown[]): Measured {
  const value = typeof text === 'string' && text !== '' ? Number(text) : NaN;
  return { value: Number.isFinite(value) ? value : undefined };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
