// Injection goes on while the same replica judges what was made to take long.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchReview } from '../../bench/inject-review.ts';
import { startBenchServer, type BenchServer } from '../../bench/servers/ours.ts';
import { ATTACKS } from '../builders/attacks.ts';

const INJECTIONS = 20;
const INJECTION = Buffer.from(JSON.stringify(benchReview()));

let server: BenchServer;
beforeAll(async () => {
  server = await startBenchServer();
  // The worker is started and warm, so that what follows takes the time of its judgement only.
  await server.post('/validate', reviewOf({ kind: 'Other', metadata: { name: 'a'.repeat(100_000) } }));
  await server.post('/inject', INJECTION);
});
afterAll(() => server.stop());

function reviewOf(object: unknown): Buffer {
  const request = { uid: 'attack', operation: 'CREATE', namespace: 'default', object };
  return Buffer.from(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }));
}

const named = ['CEL filters', 'locality rules', 'routes by prefix', 'hosts', 'values in many places'];
const attacks = ATTACKS.filter(({ name }) => named.includes(name));

describe('while the replica judges', () => {
  it.each(attacks.map((attack) => [attack.name, attack] as const))('%s, pods are injected', async (_name, attack) => {
    const answers: string[] = [];
    const body = reviewOf(attack.build(attack.size));
    // Several at once: one alone might be answered before the first injection arrives.
    const judged = Promise.all(
      Array.from({ length: 8 }, async () => {
        const { status } = await server.post(attack.path, body);
        answers.push('attack');
        return status;
      }),
    );
    for (let i = 0; i < INJECTIONS; i++) {
      const { body: text } = await server.post('/inject', INJECTION);
      expect(text).toContain('"patch":');
      answers.push('injection');
    }
    expect(await judged).toEqual(Array.from({ length: 8 }, () => 200));
    // All injections were answered before the last attack, most of them before the second.
    expect(answers.at(-1)).toBe('attack');
  });
});
