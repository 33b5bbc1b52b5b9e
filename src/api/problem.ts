/** One thing that is wrong with an input: where (field path such as `spec.values.global.hub`), what, and what to do. */
export interface Problem {
  path: string;
  message: string;
  hint?: string;
  /** The minor of Istio that brought the field, where it is one of a later one. */
  since?: string;
  /** What kind of thing is wrong, where callers have to know; left out for the form of the input. */
  code?: ProblemCode;
}

/** `InjectionBroken`: pods would not be injected. */
export type ProblemCode = 'InjectionBroken';

/** The outcome of decoding or rendering: never half a value. All problems are listed, not the first only. */
export type Result<T> =
  { ok: true; value: T; warnings: Problem[] } | { ok: false; problems: Problem[]; warnings: Problem[] };
