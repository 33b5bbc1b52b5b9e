import { KubeConfig } from '@kubernetes/client-node';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Clock } from '../runtime/clock.ts';
import { createKubeClient } from './client.ts';
import { Transport, type ApiRequest } from './transport.ts';

type Answer = (outgoing: ServerResponse, incoming: IncomingMessage) => void;

let server: Server;
let seen: string[];
/** What is answered first, second, ...; then `{}`. */
let answers: Answer[];
/** What was waited for, in ms. */
let waits: number[];

/** Time passes only by waiting, and waiting takes no time. */
const clock: Clock = {
  now: () => 0,
  monotonic: () => waits.reduce((sum, ms) => sum + ms, 0),
  after: (ms, run) => {
    waits.push(ms);
    setImmediate(run);
    return () => undefined;
  },
};

beforeEach(async () => {
  [seen, answers, waits] = [[], [], []];
  server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    incoming.resume();
    const answer = answers.shift() ?? ((response: ServerResponse) => response.end('{}'));
    answer(outgoing, incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const refuse =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (outgoing) =>
    outgoing.writeHead(status, headers).end('{}');
const breakOff: Answer = (_, incoming) => incoming.socket.destroy();
const stayOpen: Answer = () => undefined;

function kubeConfig(): KubeConfig {
  const config = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  config.loadFromClusterAndUser(
    { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'me' },
  );
  return config;
}

function createTransport(timeoutMs = 5_000): Transport {
  return new Transport(kubeConfig(), {
    userAgent: 'test',
    timeoutMs,
    maxResponseBytes: 1_000,
    patienceMs: 15_000,
    clock,
  });
}

it.each<{ what: string; request: Pick<ApiRequest, 'method' | 'idempotent'>; troubles: Answer[]; attempts: number }>([
  { what: 'a read', request: { method: 'GET' }, troubles: [refuse(500), refuse(503), breakOff], attempts: 4 },
  { what: 'a safe write', request: { method: 'PATCH', idempotent: true }, troubles: [refuse(500)], attempts: 2 },
  { what: 'any write that was turned away', request: { method: 'POST' }, troubles: [refuse(429)], attempts: 2 },
])('$what is sent again until it is answered', async ({ request, troubles, attempts }) => {
  answers = [...troubles];
  expect(await createTransport().fetchJson({ ...request, path: '/x' })).toEqual({});
  expect(seen).toEqual(Array.from({ length: attempts }, () => `${request.method} /x`));
});

it('a write that may have been carried out is sent once', async () => {
  answers = [refuse(500)];
  const sent = createTransport().fetchJson({ method: 'POST', path: '/x', body: {} });
  await expect(sent).rejects.toMatchObject({ status: 500 });
  expect(seen).toEqual(['POST /x']);
});

it('waits as long as the API server asks, and ends when it always asks for more', async () => {
  answers = Array.from({ length: 100 }, () => refuse(429, { 'retry-after': '8' }));
  const sent = createTransport().fetchJson({ method: 'GET', path: '/x' });
  await expect(sent).rejects.toMatchObject({ status: 429, retryAfterMs: 8_000 });
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(8_000);
  expect(waits).toHaveLength(7);
});

it('a read whose answer is lost is sent again, on another connection', async () => {
  const transport = createTransport(50);
  const ports = new Set<number | undefined>();
  const note: Answer = (outgoing, { socket }) => {
    ports.add(socket.remotePort);
    outgoing.end('{}');
  };
  // Two connections that are idle afterwards; then one of them carries nothing any more.
  answers = [note, note, stayOpen, note];
  await Promise.all([1, 2].map(() => transport.fetchJson({ method: 'GET', path: '/idle' })));
  expect(ports.size).toBe(2);
  expect(await transport.fetchJson({ method: 'GET', path: '/x' })).toEqual({});
  expect(seen.filter((line) => line === 'GET /x')).toHaveLength(2);
  expect(ports.size).toBe(3);
});

it.each([
  { what: 'members are set', patch: [{ op: 'add', path: '/status', value: 1 }], attempts: 2 },
  { what: 'a list grows', patch: [{ op: 'add', path: '/metadata/finalizers/-', value: 'x' }], attempts: 1 },
  { what: 'a place in a list is filled', patch: [{ op: 'add', path: '/items/0', value: 'x' }], attempts: 1 },
  { what: 'something goes', patch: [{ op: 'remove', path: '/status' }], attempts: 1 },
  {
    what: 'something goes from the version that was read',
    patch: [
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'remove', path: '/status' },
    ],
    attempts: 2,
  },
])('a JSON patch by which $what is sent $attempts times when the first fails', async ({ patch, attempts }) => {
  const client = createKubeClient({ version: 'test', kubeConfig: kubeConfig() });
  const resources = JSON.stringify({ resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] });
  answers = [(outgoing) => outgoing.end(resources), refuse(500)];
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'b' };
  await client.patch(ref, patch, { type: 'json', fieldManager: 'test' }).catch(() => undefined);
  expect(seen.filter((line) => line.startsWith('PATCH'))).toHaveLength(attempts);
  client.close();
});
