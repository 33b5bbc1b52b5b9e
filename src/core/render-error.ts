/** A combination of values that the charts refuse, with the path of the value to change. */
export class RenderError extends Error {
  readonly path: string;
  readonly hint: string | undefined;
  constructor(path: string, message: string, hint?: string) {
    super(message);
    this.name = 'RenderError';
    this.path = path;
    this.hint = hint;
  }
}
