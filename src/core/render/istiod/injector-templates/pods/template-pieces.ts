/**
 * How the Go templates for pods are put together: pieces of YAML in which actions stand on lines of their own. A piece
 * begins at the left edge, and `nested` moves it to its place.
 */

/** Pieces below each other; empty ones are left out. */
export function lines(...pieces: readonly string[]): string {
  return pieces.filter((piece) => piece !== '').join('\n');
}

/** A piece that stands there where the condition (an expression) holds, and perhaps another one elsewhere. */
export function when(condition: string, piece: string, otherwise?: string): string {
  return lines(`{{- if ${condition} }}`, piece, ...(otherwise === undefined ? [] : ['{{- else }}', otherwise]), END);
}

/** A piece in which `.` is the value, where there is one. */
export function withValue(expression: string, piece: string): string {
  return lines(`{{- with ${expression} }}`, piece, END);
}

/** A piece for each item; `names` are the variables that it uses. */
export function forEach(names: string, expression: string, piece: string): string {
  return lines(`{{- range ${names} := ${expression} }}`, piece, END);
}

/** The end of a block. */
export const END = '{{- end }}';

/** A piece moved to the right. */
export function nested(columns: number, piece: string): string {
  return piece.replace(/^(?=.)/gm, ' '.repeat(columns));
}

/** A key with a piece below it. */
export function below(key: string, piece: string): string {
  return `${key}:\n${nested(2, piece)}`;
}

/** An item of a list that no pod changes. */
export function item(value: object): string {
  return `- ${JSON.stringify(value)}`;
}

/** Items of a list that no pod changes. */
export function items(values: readonly object[]): string {
  return lines(...values.map(item));
}

/** A variable of a container whose value is that piece. */
export function variable(name: string, value: string): string {
  return `- name: ${name}\n  value: ${value}`;
}

/** Text that YAML reads between double quotes, escapes included. */
export function inQuotes(text: string): string {
  return `"${text}"`;
}

/** What an expression prints, for YAML to read. */
export function printed(expression: string): string {
  return `{{ ${expression} }}`;
}

/** What an expression prints as a text that means itself. */
export function asText(expression: string): string {
  return `{{ ${expression} | quote }}`;
}

/** A value as JSON, which is YAML too. */
export function asJson(expression: string): string {
  return `{{ toJson ${expression} }}`;
}
