import { expect, test } from 'vitest';
import type { Comparison, Figures } from './side-by-side.ts';
import { alignTable, commandRatiosTable, markdownTable, ratiosTable } from './tables.ts';

const FIGURES: Figures = { perSecond: 100, p50: 2, p99: 10, cpu: 0.5, memory: 2 ** 20 };

test('ratios are ours to the other, and our slowest to its usual', () => {
  const theirs = { perSecond: 400, p50: 4, p99: 5, cpu: 0.04, memory: 2 ** 20 };
  const comparison: Comparison = {
    work: 'injection',
    concurrency: 8,
    figures: new Map([
      ['ours', FIGURES],
      ['istiod', theirs],
    ]),
  };
  const [head, row] = ratiosTable([comparison], 'istiod');
  expect(head).toHaveLength(row?.length ?? 0);
  expect(row).toEqual(['injection', '8', '0.25', '0.50', '2.0', '2.5', '13', '1.0']);
  expect(() => ratiosTable([comparison], 'bare')).toThrow('ours and bare were not both measured');
});

test('commands are compared with a bare Node, and with a peer where there is one', () => {
  const bare = { command: 'a bare node', ours: { wall: 50, cpu: 40, peak: 40 } };
  const ours = { wall: 100, cpu: 60, peak: 80 };
  const [, alone, beside] = commandRatiosTable([
    bare,
    { command: 'version', ours },
    { command: 'validate', ours, peer: { wall: 200, cpu: 30, peak: 80 } },
  ]);
  expect(alone).toEqual(['version', '2.0', '1.5', '2.0', '', '', '']);
  expect(beside).toEqual(['validate', '2.0', '1.5', '2.0', '0.50', '2.0', '1.0']);
});

test('tables are aligned, or Markdown', () => {
  const table = [
    ['load', 'CPU'],
    ['injection', '1'],
  ];
  expect(alignTable(table)).toBe('load       CPU\ninjection    1');
  expect(markdownTable(table)).toBe('| load | CPU |\n| --- | --: |\n| injection | 1 |');
});
