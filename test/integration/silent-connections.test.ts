// Somebody opens more connections than the server takes and asks nothing: the API server finds a place all the same.
import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { benchReview } from '../../bench/inject-review.ts';
import { startBenchServer, type BenchServer } from '../../bench/servers/ours.ts';
import { post } from '../../bench/webhook-load.ts';

/** So many locked the API server out once. */
const SILENT = 1_050;
const AT_ONCE = 50;
const INJECTION = Buffer.from(JSON.stringify(benchReview()));
const API_SERVER = '127.0.0.1';

let server: BenchServer;
const sockets = new Set<Socket>();
beforeAll(async () => {
  server = await startBenchServer();
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});
afterAll(() => server.stop());

type Open = (localAddress: string) => Socket;

const openPlain: Open = (localAddress) => connect({ host: '127.0.0.1', port: server.port, localAddress });
const openEncrypted: Open = (localAddress) =>
  connectTls({ socket: openPlain(localAddress), rejectUnauthorized: false, ALPNProtocols: ['h2'] });

async function openSilent(open: Open, addresses: readonly string[]): Promise<void> {
  let left = SILENT;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const socket = open(addresses[left % addresses.length] ?? '127.0.0.1');
      sockets.add(socket);
      // One that the server closes, also in its handshake, is as silent as the others.
      socket.on('error', () => undefined);
      await once(socket, open === openPlain ? 'connect' : 'secureConnect').catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function openSession(localAddress: string): ClientHttp2Session {
  const createConnection = (): Socket => openEncrypted(localAddress);
  const session = connectHttp2(`https://127.0.0.1:${server.port}`, { createConnection });
  session.on('error', () => undefined);
  return session;
}

const isInjected = async (session: ClientHttp2Session): Promise<boolean> =>
  (await post(session, '/inject', INJECTION)).body.includes('"patch":');

const ELSEWHERE = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6'];
const FLOODS: [string, Open, readonly string[]][] = [
  ['without a handshake, from the address of the API server', openPlain, [API_SERVER]],
  ['without a handshake, from another address', openPlain, ['127.0.0.2']],
  ['without a handshake, from many addresses', openPlain, ELSEWHERE],
  ['after their handshake, from the address of the API server', openEncrypted, [API_SERVER]],
  ['after their handshake, from many addresses', openEncrypted, ELSEWHERE],
];

// Other systems have one address for themselves only.
describe.skipIf(process.platform !== 'linux')(`${SILENT} connections that ask nothing`, () => {
  it.each(FLOODS)('keep nobody out and cut nobody off: %s', async (_what, open, addresses) => {
    const before = openSession(API_SERVER);
    expect(await isInjected(before)).toBe(true);
    await openSilent(open, addresses);
    const after = openSession(API_SERVER);
    expect(await isInjected(after)).toBe(true);
    expect(await isInjected(before)).toBe(true);
    for (const session of [before, after]) session.destroy();
  });
});
