/** The text, cut so that a status stays small enough to be stored. */
export function boundText(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 20)} … (${text.length} characters)`;
}
