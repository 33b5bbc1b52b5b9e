import { JsonReporter, type TestSuite } from 'vitest/node';

/** Vitest's JSON report, and what went wrong around the tests of a suite, in its hooks, of which that says nothing. */
export default class SuiteReport extends JsonReporter {
  readonly #failures: { file: string; suite: string; message: string }[] = [];

  onTestSuiteResult(suite: TestSuite): void {
    for (const { message } of suite.errors()) {
      this.#failures.push({ file: suite.module.moduleId, suite: suite.fullName, message });
    }
  }

  override writeReport(report: string): Promise<void> {
    return super.writeReport(JSON.stringify({ ...(JSON.parse(report) as object), suiteFailures: this.#failures }));
  }
}
