import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const drain = <T>(queue: FairQueue<T>): T[] => {
  const items: T[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
};

describe('FairQueue', () => {
  it('lets owners take turns, whoever has more', () => {
    const queue = new FairQueue<string>({ total: 100, perOwner: 100 });
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.push(item.charAt(0), item, 1);
    expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(queue.size).toBe(0);
  });

  it('takes from nobody the room of another', () => {
    const queue = new FairQueue<string>({ total: 10, perOwner: 6 });
    expect(queue.push('a', 'a1', 6)).toBe(true);
    expect(queue.push('a', 'a2', 1)).toBe(false);
    expect(queue.push('b', 'b1', 4)).toBe(true);
    expect(queue.push('c', 'c1', 1)).toBe(false);
    queue.shift();
    expect(queue.push('a', 'a3', 6)).toBe(true);
  });

  it('gives an item back that nobody waits for', () => {
    const queue = new FairQueue<string>({ total: 2, perOwner: 2 });
    queue.push('a', 'a1', 1);
    queue.push('a', 'a2', 1);
    expect(queue.remove('a', 'a1')).toBe(true);
    expect(queue.remove('a', 'a1')).toBe(false);
    expect(queue.push('b', 'b1', 1)).toBe(true);
    expect(drain(queue)).toEqual(['a2', 'b1']);
  });
});
