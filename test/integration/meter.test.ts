import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SERIAL } from '../../bench/bodies/distinct-pods.ts';
import { Meter, type Load } from '../../bench/meter.ts';
import { issueCertificate } from '../../src/webhooks/certificates/issue-certificate.ts';

let meter: Meter;
let server: Http2SecureServer;
const folder = mkdtempSync(join(tmpdir(), 'sailwright-meter-'));
const bodies: string[] = [];
let answer = '{"response":{"allowed":true}}';

beforeAll(async () => {
  meter = await Meter.build();
  const names = ['127.0.0.1'];
  const { certificate, key } = await issueCertificate({ names, now: Date.now(), lifetimeMs: 86_400_000 });
  server = createSecureServer({ cert: certificate, key });
  server.on('stream', (stream) => {
    void text(stream).then((body) => {
      bodies.push(body);
      stream.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function loadOf(lines: readonly string[]): Load {
  const file = join(folder, 'bodies.jsonl');
  writeFileSync(file, lines.join('\n'));
  const { port } = server.address() as AddressInfo;
  return { port, path: '/', bodies: file, concurrency: 4, until: { answers: 50 } };
}

test('each sending of a body that has room for it gets a number of its own, from one load to the next', async () => {
  const load = loadOf([`{"a":"${SERIAL}","again":"${SERIAL}"}`, `{"b":"${SERIAL}"}`]);
  bodies.length = 0;
  for (const { answers, p50, p99 } of [await meter.load(load), await meter.load(load)]) {
    expect(answers).toBe(50);
    expect(p99).toBeGreaterThanOrEqual(p50);
  }
  // The first of each load is not counted: it takes the handshake's time.
  expect(bodies).toHaveLength(102);
  expect(new Set(bodies).size).toBe(102);
  expect(bodies.join()).not.toContain(SERIAL);
  expect(new Set(bodies.map(({ length }) => length)).size).toBe(2);
});

test('a body without room for a number is sent as it is', async () => {
  bodies.length = 0;
  await meter.load(loadOf(['{"a":1}']));
  expect(new Set(bodies)).toEqual(new Set(['{"a":1}']));
});

test('an answer that refuses is an error, not a fast answer', async () => {
  answer = '{"response":{"allowed":false}}';
  await expect(meter.load(loadOf(['{"a":1}']))).rejects.toThrow('refused: {"response":{"allowed":false}}');
});

test('of a process the time, CPU and memory are told; one that fails is an error', async () => {
  const work = 'const end = performance.now() + 100; while (performance.now() < end);';
  const { wall, cpu, peak } = await meter.run([process.execPath, '-e', work]);
  expect(wall).toBeGreaterThan(100);
  expect(cpu).toBeGreaterThan(20);
  expect(peak).toBeGreaterThan(10 * 2 ** 20);
  await expect(meter.run([process.execPath, '-e', 'process.exit(3)'])).rejects.toThrow('exit status 3');
});
