// Counts and text of `npm test`'s summary.

/** What one stage of the test run came to: a check counts as one test. */
export interface StageResult {
  stage: string;
  passed: number;
  failed: number;
  skipped: number;
  /** Why all of it was skipped. */
  why?: string;
}

/** The part of Vitest's JSON report that is counted. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests?: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/**
 * Sums one report. A file that broke before its first test counts as one failure, and so does a run that failed
 * without saying where: a crash must never look like a pass.
 */
export function computeSuiteCounts(
  report: VitestReport | undefined,
  exitCode: number,
): Omit<StageResult, 'stage' | 'why'> {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const counted = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: counted === 0 && exitCode !== 0 ? 1 : counted,
    skipped: report.numPendingTests ?? 0,
  };
}

/** A table of stages, then a line with the sum alone. */
export function formatSummary(results: readonly { result: StageResult; seconds: number }[]): string {
  const width = Math.max(...results.map(({ result }) => result.stage.length), 0);
  const lines = results.map(({ result, seconds }) => {
    if (result.why !== undefined) return `skip  ${result.stage.padEnd(width)}  ${result.why}`;
    const counts = `${result.passed} passed, ${result.failed} failed${result.skipped ? `, ${result.skipped} skipped` : ''}`;
    return `${result.failed > 0 ? 'FAIL' : 'ok  '}  ${result.stage.padEnd(width)}  ${counts}  (${seconds.toFixed(1)} s)`;
  });
  const sum = (field: 'passed' | 'failed'): number => results.reduce((total, { result }) => total + result[field], 0);
  return ['', ...lines, `${sum('passed')} passed, ${sum('failed')} failed`].join('\n');
}
