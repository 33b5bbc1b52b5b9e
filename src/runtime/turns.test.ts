import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('runs one task after the other, and goes on after one that failed', async () => {
  const turns = new Turns();
  const told: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.take(async () => {
    await gate.promise;
    told.push('first');
    throw new Error('broken');
  });
  const second = turns.take(() => Promise.resolve(told.push('second')));
  gate.resolve();
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(told).toEqual(['first', 'second']);
});
