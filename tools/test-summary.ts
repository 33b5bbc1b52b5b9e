// Counts and text of `npm test`'s summary.
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What one stage of the test run came to: a check counts as one test. */
export interface StageResult {
  stage: string;
  passed: number;
  failed: number;
  skipped: number;
  /** Why all of it was skipped. */
  why?: string;
  /** What failed, and what failed only at the first try: a line each. */
  failures?: readonly string[];
  unsteady?: readonly string[];
}

/** The part of test/suite-report.ts's report that is counted and told. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests?: number;
  testResults: VitestFile[];
  /** What went wrong around tests, in hooks: these tests were skipped. */
  suiteFailures?: SuiteFailure[];
}

interface SuiteFailure {
  /** Path of its file. */
  file: string;
  suite: string;
  message: string;
}

interface VitestFile {
  /** Its path. */
  name: string;
  status: string;
  /** Why it broke before its first test. */
  message?: string;
  assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
}

/**
 * Sums one report. A file that broke before its first test counts as one failure, so does a suite whose hooks broke,
 * and a run that failed without saying where: a crash must never look like a pass.
 */
export function computeSuiteCounts(
  report: VitestReport | undefined,
  exitCode: number,
): Pick<StageResult, 'passed' | 'failed' | 'skipped'> {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const counted = report.numFailedTests + broken.length + (report.suiteFailures?.length ?? 0);
  return {
    passed: report.numPassedTests,
    failed: counted === 0 && exitCode !== 0 ? 1 : counted,
    skipped: report.numPendingTests ?? 0,
  };
}

/** The files in which something failed. */
export function listFailedFiles(report: VitestReport): VitestFile[] {
  return report.testResults.filter(({ status }) => status === 'failed');
}

/** A line for each failure: the file, the suite or test, and the first line of what went wrong. */
export function listFailures(report: VitestReport): string[] {
  return listFailedFiles(report).flatMap(({ name, message, assertionResults }) => {
    const suites = (report.suiteFailures ?? []).filter(({ file }) => file === name);
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    if (suites.length + tests.length === 0) return [`${basename(name)}: ${cutToLine(message)}`];
    return [
      ...suites.map((failure) => `${basename(name)}: ${failure.suite}: ${cutToLine(failure.message)}`),
      ...tests.map((test) => `${basename(name)}: ${test.fullName}: ${cutToLine(test.failureMessages?.[0])}`),
    ];
  });
}

function cutToLine(text = ''): string {
  const [line = ''] = stripVTControlCharacters(text).split('\n', 1);
  return line.length > 240 ? `${line.slice(0, 240)}...` : line;
}

/** The report of a run whose failed files were run again: of these, what the second run says. */
export function replaceFailedFiles(first: VitestReport, second: VitestReport): VitestReport {
  const again = new Set(listFailedFiles(first));
  const countAgain = (status: string): number =>
    [...again].flatMap(({ assertionResults }) => assertionResults).filter((test) => test.status === status).length;
  return {
    numPassedTests: first.numPassedTests - countAgain('passed') + second.numPassedTests,
    numFailedTests: first.numFailedTests - countAgain('failed') + second.numFailedTests,
    numPendingTests: (first.numPendingTests ?? 0) - countAgain('skipped') + (second.numPendingTests ?? 0),
    testResults: [...first.testResults.filter((file) => !again.has(file)), ...second.testResults],
    suiteFailures: second.suiteFailures ?? [],
  };
}

/** A table of stages, what failed and what did at first, then a line with the sum alone. */
export function formatSummary(results: readonly { result: StageResult; seconds: number }[]): string {
  const width = Math.max(...results.map(({ result }) => result.stage.length), 0);
  const lines = results.map(({ result, seconds }) => {
    if (result.why !== undefined) return `skip  ${result.stage.padEnd(width)}  ${result.why}`;
    const counts = `${result.passed} passed, ${result.failed} failed${result.skipped ? `, ${result.skipped} skipped` : ''}`;
    return `${result.failed > 0 ? 'FAIL' : 'ok  '}  ${result.stage.padEnd(width)}  ${counts}  (${seconds.toFixed(1)} s)`;
  });
  const sum = (field: 'passed' | 'failed'): number => results.reduce((total, { result }) => total + result[field], 0);
  const told = results.flatMap(({ result: { stage, failures = [], unsteady = [] } }) => [
    ...failures.map((line) => `failed in ${stage}: ${line}`),
    ...unsteady.map((line) => `passed in ${stage} only at the second try: ${line}`),
  ]);
  return ['', ...lines, ...told, `${sum('passed')} passed, ${sum('failed')} failed`].join('\n');
}
