import { shorten } from '../../api/field-path.ts';
import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';

/** What is printed of a finding or a problem. */
export type Printable = Pick<Problem, 'path' | 'message' | 'hint'>;

const MAX_ERRORS = 20;
const MAX_WARNINGS = 10;
const MAX_LINE = 500;
/** The API server cuts a warning after 256 characters. */
const MAX_WARNING = 250;

/** The text of a denial: one line if there is one cause, else a list. */
export function printDenial(object: JsonObject, errors: readonly Printable[]): string {
  const lines = errors.slice(0, MAX_ERRORS).map((error) => shorten(formatProblem(error), MAX_LINE));
  if (lines.length === 1) return lines[0] ?? '';
  if (errors.length > MAX_ERRORS) lines.push(`and ${errors.length - MAX_ERRORS} more`);
  return `${displayName(object)} has ${errors.length} errors:\n${lines.map((line) => `  * ${line}`).join('\n')}`;
}

/** Warnings that a client shows, each on its own line. */
export function printWarnings(warnings: readonly Printable[]): string[] {
  const lines = warnings.slice(0, MAX_WARNINGS).map((warning) => shorten(formatProblem(warning), MAX_WARNING));
  if (warnings.length > MAX_WARNINGS) lines.push(`and ${warnings.length - MAX_WARNINGS} more warnings`);
  return lines;
}

function displayName({ kind, metadata }: JsonObject): string {
  const { namespace, name } = isJsonObject(metadata) ? metadata : {};
  const place = typeof namespace === 'string' && namespace !== '' ? `${namespace}/` : '';
  return `${typeof kind === 'string' ? kind : ''} ${place}${typeof name === 'string' ? name : ''}`.trim();
}
