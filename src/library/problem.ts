import { formatProblem, type ProblemCode } from '../core/problem.ts';

/** One thing that is wrong with an input. */
export interface Problem {
  /** Field that is meant, such as `spec.meshConfig.accessLogFile`; empty for the whole. */
  path: string;
  /** What kind of thing it is, in one word that stays the same, such as `UnknownField`. */
  code: string;
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  hint?: string;
}

/** The code of what is no object at all. */
export const UNREADABLE: string = 'DecodingFailed' satisfies ProblemCode;

/** Thrown where an input cannot be worked with at all. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('; '));
    this.problems = problems;
  }
}
