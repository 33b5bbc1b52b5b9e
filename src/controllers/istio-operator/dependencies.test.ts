import { expect, it } from 'vitest';
import { createMemory, keepOnly } from './dependencies.ts';

it('nothing is kept of a resource that is gone', () => {
  const memory = createMemory(() => 0);
  const maps = Object.values(memory).filter((value): value is Map<string, unknown> => value instanceof Map);
  for (const map of maps) for (const id of ['alive', 'gone']) map.set(id, {});
  keepOnly(memory, { uids: new Set(['alive']), keys: new Set(['alive']) });
  expect(maps.length).toBeGreaterThan(0);
  expect(maps.map((map) => [...map.keys()])).toEqual(maps.map(() => ['alive']));
});
