import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostTable } from './host-table.ts';
import { hostsOverlap } from './hosts.ts';
import { KIND } from './kinds.ts';
import type { Resource } from './resource.ts';

const host = fc
  .tuple(fc.constantFrom('', '*', '*.', '*-'), fc.array(fc.constantFrom('a', 'b', 'aa'), { maxLength: 3 }))
  .map(([star, labels]) => star + labels.join('.'))
  .filter((text) => text !== '');

/** Hosts that come, and which of them go again. */
const changes = fc.array(fc.record({ host, goes: fc.boolean() }), { maxLength: 12 });

function naming(name: string): Resource {
  const empty = { labels: {}, annotations: {}, spec: {}, status: undefined, origin: {} };
  return { kind: KIND.virtualService, name, namespace: 'shop', ...empty };
}

describe('HostTable', () => {
  it('finds what overlaps, and nothing else, whatever came and went', () => {
    fc.assert(
      fc.property(changes, host, host, (all, asked, earlier) => {
        const table = new HostTable();
        const resources = all.map((_, i) => naming(String(i)));
        all.forEach((each, i) => table.add(each.host, resources[i] ?? naming('none')));
        table.overlapping(earlier);
        all.forEach((each, i) => {
          if (each.goes) table.remove(each.host, resources[i] ?? naming('none'));
        });
        const stay = new Set(all.filter(({ goes }) => !goes).map((each) => each.host));
        const expected = [...stay].filter((each) => hostsOverlap(each, asked));
        expect(table.overlapping(asked).sort()).toEqual(expected.sort());
        const named = all.flatMap((each, i) => (!each.goes && each.host === asked ? [String(i)] : []));
        expect(table.named(asked).map(({ name }) => name)).toEqual(named);
      }),
    );
  });

  it('lists wider wildcards from the longest to the shortest', () => {
    const table = new HostTable();
    for (const each of ['*', '*.com', '*.shop.com', '*.other.com', 'a.shop.com']) table.add(each, naming(each));
    expect(table.wildcardsOver('a.shop.com')).toEqual(['*.shop.com', '*.com', '*']);
    expect(table.wildcardsOver('*.shop.com')).toEqual(['*.com', '*']);
  });
});
