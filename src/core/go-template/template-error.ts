/** Why a template cannot be read or run: the message names the line and the cause. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/** The template itself refuses what it is rendered for, by calling `fail`. */
export class TemplateRefusal extends TemplateError {}

/** An error at a line of the template. */
export function errorAt(line: number, cause: string): TemplateError {
  return new TemplateError(`line ${line}: ${cause}`);
}

/** A refusal at a line of the template. */
export function refusalAt(line: number, cause: string): TemplateRefusal {
  return new TemplateRefusal(`line ${line}: ${cause}`);
}
