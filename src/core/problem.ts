/** One thing that is wrong with an input: where (field path such as `spec.values.global.hub`), what, and what to do. */
export interface Problem {
  path: string;
  message: string;
  hint?: string;
}

/** The outcome of decoding or rendering: never half a value. All problems are listed, not the first only. */
export type Result<T> =
  | { ok: true; value: T; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/** One line for a person: `spec.hub: must be a string (did you mean ...?)`. */
export function formatProblem(problem: Problem): string {
  const where = problem.path ? `${problem.path}: ` : '';
  return `${where}${problem.message}${problem.hint ? ` (${problem.hint})` : ''}`;
}
