/** Why a template cannot be read or run: the message names the line and the cause. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/** An error at a line of the template. */
export function errorAt(line: number, cause: string): TemplateError {
  return new TemplateError(`line ${line}: ${cause}`);
}
