import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { issueCertificate } from '../webhooks/certificates/issue-certificate.ts';
import { createPrometheus, readAnswer } from './prometheus.ts';

const answer = (result: unknown, resultType = 'vector', more: object = {}): string =>
  JSON.stringify({ status: 'success', data: { resultType, result }, ...more });
const ONE = answer([{ metric: {}, value: [1, '99.5'] }]);

describe('an answer', () => {
  it.each<[string, number, string, object]>([
    ['is a number', 200, ONE, { value: 99.5 }],
    ['is a scalar', 200, answer([1, '3'], 'scalar'), { value: 3 }],
    ['holds nothing', 200, answer([]), { value: undefined }],
    ['is no number', 200, answer([{ metric: {}, value: [1, 'NaN'] }]), { value: undefined }],
    ['is without bounds', 200, answer([{ metric: {}, value: [1, '+Inf'] }]), { value: undefined }],
    [
      'is several numbers',
      200,
      answer([{}, {}]),
      { failure: 'the query answers with 2 values; it must answer with one' },
    ],
    [
      'is a range',
      200,
      answer([], 'matrix'),
      { failure: 'the query answers with a matrix; it must answer with one value' },
    ],
    [
      'is half of one',
      200,
      answer([], 'vector', { warnings: ['a store is away'] }),
      { failure: 'Prometheus warns: "a store is away"' },
    ],
    [
      'is a refusal',
      400,
      JSON.stringify({ status: 'error', error: 'parse error' }),
      { failure: 'Prometheus answered 400: parse error' },
    ],
    [
      'is a refusal with 200',
      200,
      JSON.stringify({ status: 'error', error: 'x' }),
      { failure: 'Prometheus answered 200: x' },
    ],
    ['is a page', 502, '<html>', { failure: 'Prometheus answered 502 with what is no JSON' }],
    ['is empty', 200, '{"status":"success"}', { failure: 'Prometheus sent no data' }],
  ])('%s', (_, status, body, expected) => {
    expect(readAnswer(status, body)).toEqual(expected);
  });
});

describe('a question', () => {
  let server: Server | undefined;
  let folder: string | undefined;

  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
    server = folder = undefined;
  });

  async function listen(made: Server, scheme = 'http', path = ''): Promise<URL> {
    server = made.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  }

  async function file(name: string, text: string): Promise<string> {
    folder ??= await mkdtemp(join(tmpdir(), 'prometheus-'));
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }

  it('names query and time, below the path of the address', async () => {
    const seen: string[] = [];
    const url = await listen(
      createServer((request, response) => {
        void (async () => {
          let body = '';
          for await (const piece of request as AsyncIterable<Buffer>) body += piece.toString();
          seen.push(`${request.method} ${request.url} ${body}`);
          response.end(ONE);
        })();
      }),
      'http',
      '/prometheus/',
    );
    const prometheus = createPrometheus({ url });
    expect(await prometheus.measure('up{a="b"}', 1_500)).toEqual({ value: 99.5 });
    expect(await prometheus.measure('up')).toEqual({ value: 99.5 });
    expect(seen).toEqual([
      'POST /prometheus/api/v1/query query=up%7Ba%3D%22b%22%7D&time=1.500&timeout=9s',
      'POST /prometheus/api/v1/query query=up&timeout=9s',
    ]);
    expect(prometheus.hasCredentials).toBe(false);
  });

  it('by https trusts the file alone, and carries the token, as they are now', async () => {
    const { certificate, key, ca } = await issueCertificate({
      names: ['127.0.0.1', 'localhost'],
      now: Date.now(),
      lifetimeMs: 600_000,
    });
    const tokens: (string | undefined)[] = [];
    const listener: RequestListener = ({ headers }, response) => {
      tokens.push(headers.authorization);
      response.end(ONE);
    };
    const url = await listen(createTlsServer({ cert: certificate, key }, listener), 'https');
    url.hostname = 'localhost';
    const [caFile, tokenFile] = [await file('ca.crt', ca), await file('token', 'first\n')];
    const prometheus = createPrometheus({ url, caFile, tokenFile });
    expect(await prometheus.measure('up')).toEqual({ value: 99.5 });
    await file('token', 'second\n');
    await prometheus.measure('up');
    expect(tokens).toEqual(['Bearer first', 'Bearer second']);
    expect(prometheus.hasCredentials).toBe(true);
    expect(await createPrometheus({ url }).measure('up')).toEqual({
      failure: expect.stringMatching(/^Prometheus: .*(self|certificate)/) as unknown,
    });
  });

  it.each<[string, RequestListener, RegExp]>([
    ['without an answer', () => undefined, /^Prometheus: no answer within 0.05 s$/],
    [
      'whose answer has no end',
      (_, response) => void response.write('{"status":'),
      /^Prometheus: no answer within 0.05 s$/,
    ],
    ['whose answer is too large', (_, response) => response.end('x'.repeat(300_000)), /larger than 256 KiB/],
    ['whose answer breaks off', (_, response) => void response.write('{', () => response.destroy()), /^Prometheus: /],
  ])('%s is a failure', async (_, listener, text) => {
    const url = await listen(createServer(listener));
    const timeoutMs = text.source.includes('0.05') ? 50 : 5_000;
    const measured = await createPrometheus({ url, timeoutMs }).measure('up');
    expect(measured).toEqual({ failure: expect.stringMatching(text) as unknown });
  });

  it('to nobody, and with a file that is not there, is a failure', async () => {
    const url = await listen(createServer());
    server?.close();
    expect(await createPrometheus({ url }).measure('up')).toEqual({
      failure: expect.stringContaining('ECONNREFUSED') as unknown,
    });
    expect(await createPrometheus({ url, caFile: '/nowhere/ca.crt' }).measure('up')).toEqual({
      failure: expect.stringContaining('/nowhere/ca.crt') as unknown,
    });
  });
});
