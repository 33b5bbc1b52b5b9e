import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostTable } from './host-table.ts';
import { hostMatches, isHostWithin } from './host-match.ts';

const host = fc
  .tuple(fc.constantFrom('', '*', '*.', '*-'), fc.array(fc.constantFrom('a', 'b', 'aa'), { maxLength: 3 }))
  .map(([star, labels]) => star + labels.join('.'))
  .filter((text) => text !== '');

/** Hosts that come, and which of them go again. */
const changes = fc.array(fc.record({ host, goes: fc.boolean() }), { maxLength: 12 });

describe('HostTable', () => {
  it('finds what overlaps, and nothing else, whatever came and went', () => {
    fc.assert(
      fc.property(changes, host, host, (all, asked, earlier) => {
        const table = new HostTable<string>();
        all.forEach((each, i) => table.add(each.host, String(i)));
        table.overlapping(earlier);
        all.forEach((each, i) => {
          if (each.goes) table.remove(each.host, String(i));
        });
        const stay = new Set(all.filter(({ goes }) => !goes).map((each) => each.host));
        const expected = [...stay].filter((each) => hostMatches(each, asked));
        expect(table.overlapping(asked).sort()).toEqual(expected.sort());
        const named = all.flatMap((each, i) => (!each.goes && each.host === asked ? [String(i)] : []));
        expect(table.named(asked)).toEqual(named);
      }),
    );
  });

  it('holds what looking at each host would find', () => {
    fc.assert(
      fc.property(fc.array(host), host, (hosts, one) => {
        const table = new HostTable<string>();
        for (const each of hosts) table.add(each, each);
        expect(table.holds(one)).toBe(hosts.some((outer) => isHostWithin(one, outer)));
      }),
    );
  });

  it('lists wider wildcards from the longest to the shortest', () => {
    const table = new HostTable<string>();
    for (const each of ['*', '*.com', '*.shop.com', '*.other.com', 'a.shop.com']) table.add(each, each);
    expect(table.wildcardsOver('a.shop.com')).toEqual(['*.shop.com', '*.com', '*']);
    expect(table.wildcardsOver('*.shop.com')).toEqual(['*.com', '*']);
  });
});
