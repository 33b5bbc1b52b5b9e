import { describe, expect, it } from 'vitest';
import {
  computeSuiteCounts,
  formatSummary,
  listFailures,
  replaceFailedFiles,
  type VitestReport,
} from './test-summary.ts';

const report = (passed: number, failed: number, files: VitestReport['testResults'] = []): VitestReport => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 0,
  testResults: files,
});

const hook = { file: '/clone/test/mesh/mesh.test.ts', suite: 'on real nodes', message: 'Error: not Ready\nhere' };

describe('computeSuiteCounts', () => {
  const cases: [string, VitestReport | undefined, number, { passed: number; failed: number }][] = [
    ['sums a good run', report(3, 0), 0, { passed: 3, failed: 0 }],
    ['sums a run with failures', report(3, 2), 1, { passed: 3, failed: 2 }],
    [
      'counts a file that did not load',
      report(3, 0, [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }]),
      1,
      { passed: 3, failed: 1 },
    ],
    ['counts a suite whose hook broke', { ...report(3, 0), suiteFailures: [hook] }, 1, { passed: 3, failed: 1 }],
    ['counts a failure outside of any test', report(3, 0), 1, { passed: 3, failed: 1 }],
    ['counts a crash without a report', undefined, 134, { passed: 0, failed: 1 }],
  ];
  it.each(cases)('%s', (_says, given, code, expected) => {
    expect(computeSuiteCounts(given, code)).toMatchObject(expected);
  });
});

const lost = {
  name: '/clone/test/e2e/outage.test.ts',
  status: 'failed',
  assertionResults: [
    { fullName: 'an outage is survived', status: 'passed' },
    {
      fullName: 'an outage is told',
      status: 'failed',
      failureMessages: ['Error: \u001b[31mtoo late\u001b[39m\n    at x'],
    },
  ],
};

describe('listFailures', () => {
  it('names file, test and the first line of what went wrong', () => {
    expect(listFailures(report(1, 1, [lost]))).toEqual(['outage.test.ts: an outage is told: Error: too late']);
  });

  it('names a suite whose hook broke', () => {
    const file = { name: hook.file, status: 'failed', assertionResults: [{ fullName: 'asks', status: 'skipped' }] };
    expect(listFailures({ ...report(0, 0, [file]), suiteFailures: [hook] })).toEqual([
      'mesh.test.ts: on real nodes: Error: not Ready',
    ]);
  });

  it('names a file that did not load', () => {
    const broken = { name: 'x.test.ts', status: 'failed', message: 'SyntaxError\nhere', assertionResults: [] };
    expect(listFailures(report(0, 0, [broken]))).toEqual(['x.test.ts: SyntaxError']);
  });
});

describe('replaceFailedFiles', () => {
  const good = { name: 'b.test.ts', status: 'passed', assertionResults: [{ fullName: 'holds', status: 'passed' }] };
  const mended = {
    ...lost,
    status: 'passed',
    assertionResults: lost.assertionResults.map((test) => ({ ...test, status: 'passed' })),
  };

  it('counts each test once, as its second run says', () => {
    const both = replaceFailedFiles(report(2, 1, [good, lost]), report(2, 0, [mended]));
    expect(computeSuiteCounts(both, 0)).toEqual({ passed: 3, failed: 0, skipped: 0 });
  });

  it('forgets a suite whose hook held at the second try, with its tests', () => {
    const skipped = { ...good, assertionResults: [{ fullName: 'holds', status: 'skipped' }], status: 'failed' };
    const first = { ...report(0, 0, [skipped]), numPendingTests: 1, suiteFailures: [hook] };
    const both = replaceFailedFiles(first, report(1, 0, [good]));
    expect(computeSuiteCounts(both, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(listFailures(both)).toEqual([]);
  });

  it('leaves failed what failed again', () => {
    const both = replaceFailedFiles(report(2, 1, [good, lost]), report(1, 1, [lost]));
    expect(computeSuiteCounts(both, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(listFailures(both)).toHaveLength(1);
  });
});

describe('formatSummary', () => {
  it('tells what failed, and what needed a second try', () => {
    const counts = { passed: 3, failed: 1, skipped: 0 };
    const text = formatSummary([
      { result: { stage: 'e2e', ...counts, failures: ['a.test.ts: holds: Error'] }, seconds: 1 },
      { result: { stage: 'mesh', ...counts, failed: 0, unsteady: ['b.test.ts: holds: Error'] }, seconds: 1 },
    ]);
    expect(text.split('\n').slice(-3)).toEqual([
      'failed in e2e: a.test.ts: holds: Error',
      'passed in mesh only at the second try: b.test.ts: holds: Error',
      '6 passed, 1 failed',
    ]);
  });

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
