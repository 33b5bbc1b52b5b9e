import { describe, expect, it } from 'vitest';
import { computeSuiteCounts, formatSummary, type VitestReport } from './test-summary.ts';

const report = (passed: number, failed: number, files: VitestReport['testResults'] = []): VitestReport => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 0,
  testResults: files,
});

describe('computeSuiteCounts', () => {
  const cases: [string, VitestReport | undefined, number, { passed: number; failed: number }][] = [
    ['sums a good run', report(3, 0), 0, { passed: 3, failed: 0 }],
    ['sums a run with failures', report(3, 2), 1, { passed: 3, failed: 2 }],
    [
      'counts a file that did not load',
      report(3, 0, [{ status: 'failed', assertionResults: [] }]),
      1,
      { passed: 3, failed: 1 },
    ],
    ['counts a failure outside of any test', report(3, 0), 1, { passed: 3, failed: 1 }],
    ['counts a crash without a report', undefined, 134, { passed: 0, failed: 1 }],
  ];
  it.each(cases)('%s', (_says, given, code, expected) => {
    expect(computeSuiteCounts(given, code)).toMatchObject(expected);
  });
});

describe('formatSummary', () => {
  it('ends with the sum on a line of its own', () => {
    const text = formatSummary([
      { result: { stage: 'lint', passed: 1, failed: 0, skipped: 0 }, seconds: 2 },
      { result: { stage: 'unit', passed: 40, failed: 2, skipped: 1 }, seconds: 3.21 },
    ]);
    expect(text.split('\n').at(-1)).toBe('41 passed, 2 failed');
    expect(text).toContain('FAIL  unit  40 passed, 2 failed, 1 skipped  (3.2 s)');
  });

  it('says why a stage was skipped, and leaves it out of the sum', () => {
    const skipped = { stage: 'mesh', passed: 0, failed: 0, skipped: 1, why: 'real nodes need root' };
    const text = formatSummary([
      { result: { stage: 'lint', passed: 1, failed: 0, skipped: 0 }, seconds: 2 },
      { result: skipped, seconds: 0 },
    ]);
    expect(text.split('\n')).toContain('skip  mesh  real nodes need root');
    expect(text.split('\n').at(-1)).toBe('1 passed, 0 failed');
  });
});
