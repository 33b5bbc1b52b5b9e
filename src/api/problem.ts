import type { ProblemCode } from './codes/index.ts';

export type { ProblemCode } from './codes/index.ts';

/** What is wrong with a value: which kind of mistake it is, what, and what to do. */
export interface Fault {
  code: ProblemCode;
  message: string;
  hint?: string;
}

/** Something that is wrong at a path such as `spec.values.global.hub`; empty when the whole document is meant. */
export interface Problem extends Fault {
  path: string;
  /** The minor of Istio that brought the field, where it is one of a later one. */
  since?: string;
}

/** How bad a finding is: an error refuses the resource, a warning is shown and lets it pass. */
export type Severity = 'error' | 'warning';

/** A problem with its weight. */
export interface Finding extends Problem {
  severity: Severity;
}

/** The outcome of decoding or rendering: never half a value. All problems are listed, not the first only. */
export type Result<T> =
  { ok: true; value: T; warnings: Problem[] } | { ok: false; problems: Problem[]; warnings: Problem[] };
