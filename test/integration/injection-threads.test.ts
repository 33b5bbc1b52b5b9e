// Under load, further threads inject: with the same answers, and so that callers take turns as before.
import type { ClientHttp2Session } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchReview } from '../../bench/inject-review.ts';
import { startBenchServer, type BenchServer } from '../../bench/servers/ours.ts';
import { openConnection, post } from '../../bench/webhook-load.ts';

const REVIEW = benchReview();
const AT_ONCE = 200;

interface Response {
  uid: string;
  patch: string;
}

let server: BenchServer;
let flood: ClientHttp2Session;
beforeAll(async () => {
  server = await startBenchServer({ webhookWorkers: 2 });
  flood = openConnection(server.port, '127.0.0.2');
});
afterAll(async () => {
  flood.close();
  await server.stop();
});

async function inject(connection: ClientHttp2Session, uid: string): Promise<Response> {
  const request = { ...(REVIEW['request'] as object), uid };
  const { body } = await post(connection, '/inject', Buffer.from(JSON.stringify({ ...REVIEW, request })));
  return (JSON.parse(body) as { response: Response }).response;
}

function burst(name: string): Promise<Response[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, (_, i) => inject(flood, `${name}-${i}`)));
}

describe('a server that may use two threads', () => {
  it('uses one while calls come one after the other, two when they come faster, with the same answers', async () => {
    const { patch } = await inject(flood, 'first');
    for (let i = 0; i < 50; i++) await inject(flood, `alone-${i}`);
    expect(await server.readHelpers()).toBe(0);
    await expect
      .poll(
        async () => {
          await burst('early');
          return server.readHelpers();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    for (let round = 0; round < 10; round++) {
      const expected = Array.from({ length: AT_ONCE }, (_, i) => ({ uid: `${round}-${i}`, patch }));
      expect((await burst(String(round))).map((response) => ({ uid: response.uid, patch: response.patch }))).toEqual(
        expected,
      );
    }
  });

  it('lets nobody wait for all the calls of another', async () => {
    const one = openConnection(server.port);
    await inject(one, 'warm');
    let answered = 0;
    let isOver = false;
    const calls = Array.from({ length: AT_ONCE }, async (_, i) => {
      for (; !isOver; answered += 1) await inject(flood, `flood-${i}`);
    });
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = answered;
      await inject(one, `one-${i}`);
      waits.push(answered - before);
    }
    isOver = true;
    await Promise.all(calls);
    one.close();
    waits.sort((a, b) => a - b);
    expect(waits[10]).toBeLessThan(AT_ONCE / 2);
  });
});
