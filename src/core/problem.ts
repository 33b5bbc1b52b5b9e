import type { Problem } from '../api/problem.ts';

export type { Problem, Result } from '../api/problem.ts';

/** One line for a person: `spec.hub: must be a string (did you mean ...?)`. */
export function formatProblem(problem: Problem): string {
  const where = problem.path ? `${problem.path}: ` : '';
  return `${where}${problem.message}${problem.hint ? ` (${problem.hint})` : ''}`;
}
