/** What anything thrown says of itself. */
export function errorText(error: unknown): string {
  // A failed connection to a name with several addresses has one error for each, and no text of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorText).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Its first line: parsers add an excerpt of the text after it. */
export function errorLine(error: unknown): string {
  return errorText(error).split('\n', 1)[0] ?? '';
}
