import type { ProblemCode } from './problem.ts';

/** A combination of values that the charts refuse, with the path of the value to change. */
export class RenderError extends Error {
  readonly path: string;
  readonly code: ProblemCode;
  readonly hint: string | undefined;
  constructor(
    path: string,
    message: string,
    { code = 'DecodingFailed', hint, cause }: { code?: ProblemCode; hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'RenderError';
    this.path = path;
    this.code = code;
    this.hint = hint;
  }
}
