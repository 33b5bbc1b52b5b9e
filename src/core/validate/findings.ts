import type { Fault, Finding, ProblemCode } from '../problem.ts';

export type { Fault } from '../problem.ts';

/** Collects what a validator has to say, in the order in which it is found. */
export class Findings {
  readonly list: Finding[] = [];

  get hasErrors(): boolean {
    return this.list.some(({ severity }) => severity === 'error');
  }

  /** Records something that rejects the resource. */
  error(path: string, code: ProblemCode, message: string): void {
    this.list.push({ severity: 'error', path, code, message });
  }

  /** Records something that is shown and lets the resource pass. */
  warn(path: string, code: ProblemCode, message: string): void {
    this.list.push({ severity: 'warning', path, code, message });
  }

  /** Records the fault as an error, if there is one. True when the value is good. */
  check(path: string, fault: Fault | undefined): boolean {
    if (!fault) return true;
    this.error(path, fault.code, fault.message);
    return false;
  }
}
