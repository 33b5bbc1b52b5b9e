// Random bodies to the webhooks; `npm run fuzz` sends a hundred thousand of them.
import { expect, it } from 'vitest';
import { fuzzWebhooks } from '../fuzz/fuzz-webhooks.ts';

const BODIES = 3_000;

it('answers whatever is sent, and keeps its memory', async () => {
  const { answered, byStatus, memory } = await fuzzWebhooks({ bodies: BODIES, seed: 20261124 });
  expect(answered).toBeGreaterThanOrEqual(BODIES);
  // 200 with a verdict, or 400 for what is no request; never an error of the server.
  expect([...byStatus.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(Math.max(...memory)).toBeLessThan(400);
});
