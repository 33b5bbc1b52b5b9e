import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListScanner } from './list-scanner.ts';

interface Scanned {
  items: unknown[];
  large: { head: string; bytes: number }[];
  frame: unknown;
}

function scan(text: string, cuts: readonly number[] = [], maxItemBytes = 1_000_000): Scanned {
  const scanned: Scanned = { items: [], large: [], frame: undefined };
  const scanner = new ListScanner(maxItemBytes, {
    onItem: (item) => scanned.items.push(JSON.parse(item)),
    onTooLarge: (item) => scanned.large.push(item),
  });
  const bytes = Buffer.from(text, 'utf8');
  let from = 0;
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    scanner.write(bytes.subarray(from, cut));
    from = cut;
  }
  scanned.frame = JSON.parse(scanner.frame);
  return scanned;
}

describe('a list that is scanned', () => {
  it.each([
    { what: 'without items', list: { kind: 'List', metadata: { resourceVersion: '1' }, items: [] } },
    { what: 'with an array inside of its metadata', list: { metadata: { a: [{ b: 1 }] }, items: [{ c: 2 }] } },
    { what: 'with brackets and quotes in texts', list: { items: [{ a: '}]"\\' }, { b: '\\\\"' }], metadata: {} } },
    { what: 'with arrays in its items', list: { items: [{ a: [[{}], []] }, { b: { c: [1] } }], metadata: {} } },
    { what: 'whose items are null', list: { items: null, metadata: { resourceVersion: '7' } } },
  ])('$what gives its items and the rest', ({ list }) => {
    for (const text of [JSON.stringify(list), JSON.stringify(list, null, 2)]) {
      const { items, frame } = scan(text);
      expect(items).toEqual(list.items ?? []);
      expect(frame).toEqual({ ...list, items: list.items && [] });
    }
  });

  it('comes out the same wherever the network cuts it', () => {
    const list = fc.record({
      metadata: fc.object({ maxDepth: 2 }),
      items: fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(list, fc.array(fc.nat({ max: 100_000 }), { maxLength: 20 }), (value, cuts) => {
        const text = JSON.stringify(value);
        const { items, frame } = scan(text, cuts);
        const whole = JSON.parse(text) as { metadata: unknown; items: unknown[] };
        expect(items).toEqual(whole.items);
        expect(frame).toEqual({ metadata: whole.metadata, items: [] });
      }),
    );
  });

  it('keeps only the beginning of an item that is too large, and goes on after it', () => {
    const large = { metadata: { name: 'large' }, data: 'x'.repeat(300_000) };
    const text = JSON.stringify({ items: [{ a: 1 }, large, { b: 2 }], metadata: {} });
    const cuts = Array.from({ length: 20 }, (_, index) => index * 16_000);
    const scanned = scan(text, cuts, 100_000);
    expect(scanned.items).toEqual([{ a: 1 }, { b: 2 }]);
    expect(scanned.large.map(({ bytes }) => bytes)).toEqual([JSON.stringify(large).length]);
    const [{ head } = { head: '' }] = scanned.large;
    expect(head).toMatch(/^\{"metadata":\{"name":"large"\}/);
    expect(head.length).toBeLessThan(100_000);
  });
});
