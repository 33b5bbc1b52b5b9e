import type { Finding, Problem, Severity } from '../api/problem.ts';

export type { Fault, Finding, Problem, ProblemCode, Result, Severity } from '../api/problem.ts';

/** One line for a person: `spec.hub: must be a string (did you mean ...?)`. */
export function formatProblem(problem: Pick<Problem, 'path' | 'message' | 'hint'>): string {
  const where = problem.path ? `${problem.path}: ` : '';
  return `${where}${problemText(problem)}`;
}

/** What is wrong and what to do, without the place. */
export function problemText({ message, hint }: Pick<Problem, 'message' | 'hint'>): string {
  return hint ? `${message} (${hint})` : message;
}

/** The problem as a finding, of which the message is all that is shown. */
export function findingOf({ path, code, ...text }: Problem, severity: Severity): Finding {
  return { severity, path, code, message: problemText(text) };
}
