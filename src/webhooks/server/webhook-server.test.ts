import { readFileSync } from 'node:fs';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { Agent, request } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { createAdmissionMetrics } from '../../telemetry/admission-metrics.ts';
import { createLog } from '../../telemetry/log.ts';
import { issueCertificate, type IssuedCertificate } from '../certificates/issue-certificate.ts';
import { deferred } from '../../runtime/deferred.ts';
import type { AdmissionHandler, AdmissionRoute, EncodedAnswer } from './admission-handler.ts';
import { DEFAULT_LIMITS, type ServerLimits } from './limits.ts';
import { WebhookServer } from './webhook-server.ts';

interface Answer {
  status: number;
  body: string;
}

let issued: IssuedCertificate;
let other: IssuedCertificate;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  const wanted = { names: ['127.0.0.1', 'localhost'], now: Date.now(), lifetimeMs: 3_600_000 };
  [issued, other] = await Promise.all([issueCertificate(wanted), issueCertificate(wanted)]);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Started {
  server: WebhookServer;
  /** Kept, as a server that stops has none any more. */
  port: number;
  logged: string[];
  registry: Registry;
}

async function start(
  handle: AdmissionHandler,
  limits: Partial<ServerLimits> = {},
  offer?: AdmissionRoute['offer'],
): Promise<Started> {
  const registry = new Registry();
  const logged: string[] = [];
  const routes: AdmissionRoute[] = [{ path: '/inject', handle, ...(offer ? { offer } : {}) }];
  const server = new WebhookServer({
    port: 0,
    host: '127.0.0.1',
    routes,
    limits,
    metrics: createAdmissionMetrics(registry),
    log: createLog({ destination: { write: (line: string) => void logged.push(line) } }),
  });
  server.useCertificate(issued);
  await server.start();
  cleanups.push(() => server.stop(0));
  return { server, port: server.port, logged, registry };
}

function openSession({ server }: Started, ca = issued.ca, localAddress = '127.0.0.1'): ClientHttp2Session {
  const createConnection = (): TLSSocket => {
    const socket = connect({ host: '127.0.0.1', port: server.port, localAddress });
    return connectTls({ socket, ca, servername: 'localhost', ALPNProtocols: ['h2'] });
  };
  const session = connectHttp2(`https://localhost:${server.port}`, { createConnection });
  session.on('error', () => undefined);
  cleanups.push(() => session.destroy());
  return session;
}

interface Call {
  path?: string;
  method?: string;
  contentType?: string;
  body?: string;
}

function callHttp2(session: ClientHttp2Session, call: Call = {}): Promise<Answer> {
  const { path = '/inject', method = 'POST', contentType = 'application/json', body = review('u1') } = call;
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path, ':method': method, 'content-type': contentType });
    let status = 0;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', (headers) => (status = headers[':status'] ?? 0));
    stream.on('data', (chunk: string) => (text += chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve({ status, body: text }));
    stream.end(body);
  });
}

function callHttp1({ port }: Started, call: Call = {}, agent?: Agent): Promise<Answer> {
  const { path = '/inject', method = 'POST', contentType = 'application/json', body = review('u1') } = call;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        ca: issued.ca,
        agent: agent ?? false,
        headers: { 'content-type': contentType, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function review(uid: string, more: object = {}): string {
  const request = { uid, operation: 'CREATE', object: { metadata: { name: 'x' } }, ...more };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

function responseOf({ body }: Answer): { uid: string; allowed: boolean; status?: { message: string } } {
  return (JSON.parse(body) as { response: ReturnType<typeof responseOf> }).response;
}

/** What is accepted by the kernel is not yet known to the server. */
async function waitForConnections({ registry }: Started, count: number): Promise<void> {
  const line = `sailwright_webhook_connections ${count}`;
  await expect.poll(() => registry.getSingleMetricAsString('sailwright_webhook_connections')).toContain(line);
}

const allow: AdmissionHandler = () => ({ allowed: true });

describe.each(['HTTP/2', 'HTTP/1.1'] as const)('over %s', (protocol) => {
  const call = (started: Started, what: Call = {}): Promise<Answer> =>
    protocol === 'HTTP/2' ? callHttp2(openSession(started), what) : callHttp1(started, what);

  it('answers with the uid of the request, and gives the handler its path', async () => {
    const paths: string[] = [];
    const started = await start((_request, { path }) => (paths.push(path), { allowed: true }));
    const answer = await call(started, { path: '/inject/cluster/c/net/n?timeout=10s', body: review('abc') });
    expect(answer.status).toBe(200);
    expect(responseOf(answer)).toEqual({ uid: 'abc', allowed: true });
    expect(paths).toEqual(['/inject/cluster/c/net/n']);
  });

  const refused: [title: string, call: Call, status: number][] = [
    ['an unknown path', { path: '/other' }, 404],
    ['a path that only begins alike', { path: '/injector' }, 404],
    ['another method', { method: 'PUT' }, 405],
    ['another content type', { contentType: 'application/json; charset=utf-8' }, 415],
    ['an empty body', { body: '' }, 400],
    ['a body over the limit', { body: 'x'.repeat(5_000) }, 413],
  ];
  it.each(refused)('refuses %s', async (_title, what, status) => {
    const started = await start(allow, { maxBodyBytes: 4_000 });
    expect((await call(started, what)).status).toBe(status);
  });

  it.each([
    ['no JSON', '{"apiVersion"'],
    ['JSON nested too deep', '['.repeat(100_000)],
    ['no review', '{"apiVersion":"v1","kind":"Pod"}'],
  ])('denies a body that is %s', async (_title, body) => {
    const answer = await call(await start(allow), { body });
    expect(answer.status).toBe(200);
    expect(responseOf(answer)).toMatchObject({ uid: '', allowed: false });
  });

  it.each<[string, AdmissionHandler]>([
    [
      'throws',
      () => {
        throw new Error('secret inside');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret inside'))],
    ['answers with what cannot be written', () => ({ allowed: true, warnings: [1n as unknown as string] })],
  ])('denies with the uid when the handler %s, and keeps the reason to the log', async (_title, handle) => {
    const started = await start(handle);
    const answer = responseOf(await call(started));
    expect(answer).toMatchObject({ uid: 'u1', allowed: false });
    expect(answer.status?.message).not.toContain('secret inside');
    expect(started.logged.join()).toContain('a webhook handler failed');
    expect(responseOf(await call(started))).toMatchObject({ allowed: false });
  });

  it('gives up a handler that takes longer than the caller waits, and tells it', async () => {
    let signal: AbortSignal | undefined;
    const started = await start((_request, context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    });
    expect((await call(started, { path: '/inject?timeout=100ms' })).status).toBe(504);
    expect(signal?.aborted).toBe(true);
  });

  it('answers what is under way before it stops', async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const started = await start(async () => {
      entered.resolve();
      await gate.promise;
      return { allowed: true };
    });
    const answer = call(started);
    await entered.promise;
    const stopped = started.server.stop(5_000);
    gate.resolve();
    expect(responseOf(await answer)).toMatchObject({ allowed: true });
    await stopped;
    await expect(call(started)).rejects.toThrow();
  });
});

describe('the server', () => {
  it('ends a body that does not come', async () => {
    const started = await start(allow, { bodyTimeoutMs: 100 });
    const session = openSession(started);
    const status = await new Promise((resolve) => {
      const stream = session.request({ ':path': '/inject', ':method': 'POST', 'content-type': 'application/json' });
      stream.on('response', (headers) => resolve(headers[':status']));
      stream.on('error', () => undefined);
      stream.write('{');
    });
    expect(status).toBe(408);
  });

  it('turns new bodies away while too many are being received', async () => {
    const started = await start(allow, { maxBufferedBytes: 10 });
    expect((await callHttp2(openSession(started))).status).toBe(503);
    expect(started.server.findUnready()).toBeUndefined();
  });

  it('turns away only the bodies of an address that fills the buffers', async () => {
    const started = await start(allow, { maxBufferedBytesPerAddress: 10 });
    expect((await callHttp2(openSession(started))).status).toBe(503);
  });

  it('has a place for who asks, however many are connected in silence', async () => {
    const started = await start(allow, { maxConnections: 20, maxConnectionsPerAddress: 10 });
    const asking = openSession(started);
    expect((await callHttp2(asking)).status).toBe(200);
    const sockets = Array.from({ length: 40 }, () => connect({ port: started.server.port, host: '127.0.0.1' }));
    cleanups.push(() => sockets.forEach((socket) => socket.destroy()));
    for (const socket of sockets) socket.on('error', () => undefined);
    const isClosed = sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve)));
    await Promise.all(isClosed.slice(0, 20));
    expect((await callHttp2(asking)).status).toBe(200);
    expect((await callHttp2(openSession(started))).status).toBe(200);
  });

  // Other systems have one address for themselves only.
  it.skipIf(process.platform !== 'linux')('lets who sends many calls wait for his own', async () => {
    const answered: string[] = [];
    // Each takes as long as a turn of the event loop may.
    const work: AdmissionHandler = () => {
      for (const began = performance.now(); performance.now() - began < 10;);
      return { allowed: true };
    };
    const started = await start(work);
    const [flood, one] = [openSession(started, issued.ca, '127.0.0.2'), openSession(started)];
    await Promise.all([callHttp2(flood), callHttp2(one)]);
    const calls = Array.from({ length: 40 }, () => callHttp2(flood).then(() => answered.push('flood')));
    calls.push(callHttp2(one).then(() => answered.push('one')));
    await Promise.all(calls);
    expect(answered.indexOf('one')).toBeLessThan(20);
  });

  it('closes a connection that is opened for nothing', async () => {
    const { server } = await start(allow, { firstRequestTimeoutMs: 1 });
    const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: issued.ca, ALPNProtocols: ['h2'] });
    cleanups.push(() => socket.destroy());
    // One that is not read does not see its end.
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
  });

  it('refuses TLS 1.1', async () => {
    const { server } = await start(allow);
    const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const failed = new Promise((resolve) => {
      connectTls({ host: '127.0.0.1', port: server.port, ca: issued.ca, ...versions })
        .on('error', resolve)
        .on('secureConnect', () => resolve('connected'));
    });
    expect(await failed).toBeInstanceOf(Error);
  });

  it('takes a new certificate without dropping a connection', async () => {
    const started = await start(allow);
    const session = openSession(started);
    expect((await callHttp2(session)).status).toBe(200);
    started.server.useCertificate(other);
    expect((await callHttp2(session)).status).toBe(200);
    expect(session.closed || session.destroyed).toBe(false);
    expect((await callHttp2(openSession(started, other.ca))).status).toBe(200);
  });

  it('keeps a connection of HTTP/1.1 alive', async () => {
    const started = await start(allow);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanups.push(() => agent.destroy());
    await callHttp1(started, {}, agent);
    await callHttp1(started, {}, agent);
    expect(await started.registry.getSingleMetricAsString('sailwright_webhook_connections')).toContain(
      'sailwright_webhook_connections 1',
    );
  });

  describe('that stops, over HTTP/1.1', () => {
    /** An agent that keeps one connection open, over which a call was answered. */
    async function openKept(started: Started): Promise<Agent> {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      cleanups.push(() => agent.destroy());
      expect((await callHttp1(started, {}, agent)).status).toBe(200);
      return agent;
    }

    it('answers the call that comes on an open connection, and ends it with that', async () => {
      const started = await start(allow, { idleDrainMs: 60_000 });
      const agent = await openKept(started);
      const stopped = started.server.stop(60_000);
      expect((await callHttp1(started, {}, agent)).status).toBe(200);
      await stopped;
    });

    it('answers the call of a connection that is only being made', async () => {
      const started = await start(allow, { idleDrainMs: 60_000 });
      const socket = connect({ host: '127.0.0.1', port: started.server.port });
      await new Promise((resolve) => socket.once('connect', resolve));
      await waitForConnections(started, 1);
      const stopped = started.server.stop(60_000);
      const createConnection = (): TLSSocket => connectTls({ socket, ca: issued.ca, servername: 'localhost' });
      expect((await callHttp1(started, {}, Object.assign(new Agent(), { createConnection }))).status).toBe(200);
      await stopped;
    });

    it('closes a connection over which nobody asks for a while', async () => {
      const started = await start(allow, { idleDrainMs: 1 });
      await openKept(started);
      await started.server.stop(60_000);
    });
  });

  it('survives bytes that are no request', async () => {
    const started = await start(allow);
    const { port } = started.server;
    for (const garbage of ['GET / HTTP/9\r\n\r\n', '\0'.repeat(100), 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish']) {
      const socket: TLSSocket = connectTls({ host: '127.0.0.1', port, ca: issued.ca, ALPNProtocols: ['h2'] });
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      socket.end(garbage);
      await closed;
    }
    expect((await callHttp2(openSession(started))).status).toBe(200);
  });

  it('says why it is not ready', async () => {
    const started = await start(allow);
    expect(started.server.findUnready()).toBeUndefined();
    await started.server.stop(0);
    expect(started.server.findUnready()).toContain('does not listen');
  });

  it('counts by route and verdict, never by what callers write', async () => {
    const started = await start(() => ({ allowed: false, verdict: 'HostNetwork', message: 'x' }));
    const session = openSession(started);
    await callHttp2(session, { path: '/inject/a/b' });
    await callHttp2(session, { path: '/guess' });
    const text = await started.registry.getSingleMetricAsString('sailwright_admission_requests_total');
    expect(text).toContain('{path="/inject",verdict="HostNetwork",code="200"} 1');
    expect(text).toContain('{path="",verdict="Refused",code="404"} 1');
    expect(text).not.toContain('guess');
  });

  it('logs no body', async () => {
    const started = await start(() => {
      throw new Error('broken');
    });
    await callHttp2(openSession(started), { body: review('u', { object: { data: { password: 'hunter2' } } }) });
    expect(started.logged.join()).not.toContain('hunter2');
  });

  describe('with other threads that answer', () => {
    const here: AdmissionHandler = () => ({ allowed: true, verdict: 'Here' });
    const ELSEWHERE: EncodedAnswer = { body: Buffer.from('{"elsewhere":true}'), verdict: 'Elsewhere' };
    const isElsewhere = ({ body }: Answer): boolean => body === '{"elsewhere":true}';

    it('answers a call that comes alone itself', async () => {
      const session = openSession(await start(here, {}, () => Promise.resolve(ELSEWHERE)));
      for (let i = 0; i < 3; i++) expect(isElsewhere(await callHttp2(session))).toBe(false);
    });

    it('has them answer what comes at once, and counts that with its own', async () => {
      const started = await start(here, {}, () => Promise.resolve(ELSEWHERE));
      const session = openSession(started);
      await callHttp2(session);
      const answers = await Promise.all(Array.from({ length: 20 }, () => callHttp2(session)));
      const elsewhere = answers.filter(isElsewhere).length;
      expect(elsewhere).toBeGreaterThan(0);
      const text = await started.registry.getSingleMetricAsString('sailwright_admission_requests_total');
      expect(text).toContain(`{path="/inject",verdict="Elsewhere",code="200"} ${elsewhere}`);
      expect(text).toContain(`{path="/inject",verdict="Here",code="200"} ${21 - elsewhere}`);
    });

    it('answers itself what they have no room for, and what comes alone while they are at work', async () => {
      const { promise, resolve } = deferred<EncodedAnswer>();
      let asked = 0;
      const session = openSession(await start(here, {}, () => (++asked === 1 ? promise : undefined)));
      await callHttp2(session);
      const answers: Answer[] = [];
      const burst = Array.from({ length: 10 }, async () => answers.push(await callHttp2(session)));
      await expect.poll(() => answers.length).toBe(9);
      const before = asked;
      expect(isElsewhere(await callHttp2(session))).toBe(false);
      expect(asked).toBe(before);
      resolve(ELSEWHERE);
      await Promise.all(burst);
      expect(answers.filter(isElsewhere)).toHaveLength(1);
    });
  });
});

it('documents the limits as they are', () => {
  const page = readFileSync(new URL('../../../docs/reference/webhooks.md', import.meta.url), 'utf8');
  const { maxConnections, maxConnectionsPerAddress, maxHandshakes } = DEFAULT_LIMITS;
  for (const limit of ['6 MiB', '96 MiB', '32 MiB']) expect(page).toContain(limit);
  for (const limit of [maxConnections, maxConnectionsPerAddress, maxHandshakes]) {
    expect(page).toContain(`${limit.toLocaleString('en')}`);
  }
});
