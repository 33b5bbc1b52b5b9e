import { changeName, stepText } from '../../core/report/change-text.ts';
import type { StagedRow } from '../../core/report/mesh-report.ts';
import { spanText } from '../shell/age.ts';
import { toTable, wrapWords } from '../shell/table.ts';

/** Words about changes by what they mean. */
export const STAGED_WORDS = {
  good: ['Done', 'good'],
  odd: ['Waiting', 'Acting', 'Soaking', 'RollingBack', 'unknown', 'silent'],
  bad: ['Paused', 'RolledBack', 'Aborted', 'Invalid', 'bad'],
};

/** What is told of a kind beside what is told of all. */
export interface StagedColumns<R extends StagedRow> {
  /** Head of the first column: the kind. */
  title: string;
  /** Head of the column that tells where it stands. */
  step: string;
  /** Heads and cells of further columns. */
  more: readonly (readonly [head: string, cell: (row: R) => string])[];
  /** The word before its commands: `sailwright shift`. */
  command: string;
  /** Tables below. */
  tables?: (row: R) => { head: string[]; rows: string[][] }[];
  /** Sentences below them. */
  notes: (row: R) => string[];
}

/** How changes are written. */
export interface StagedLook {
  /** Characters of a line. */
  width: number;
  /** Milliseconds since the epoch: ages are told from it. */
  now: number;
}

/** Changes for people: one line for each, then what their gates say and what else there is to say. */
export function stagedText<R extends StagedRow>(
  found: readonly R[],
  columns: StagedColumns<R>,
  look: StagedLook,
): string {
  const details = found.map((row) => detailsOf(row, columns, { ...look, isNamed: found.length > 1 }));
  return [stagedTable(found, columns, look), ...details].filter((part) => part !== '').join('\n');
}

/** The line of each change. */
export function stagedTable<R extends StagedRow>(
  found: readonly R[],
  { title, step, more }: Pick<StagedColumns<R>, 'title' | 'step' | 'more'>,
  { width, now }: StagedLook,
): string {
  const rows = found.map((row) => [
    changeName(row),
    row.phase || 'Unseen',
    stepText(row),
    ...more.map(([, cell]) => cell(row)),
    row.since === undefined ? '' : spanText(now - Date.parse(row.since)),
    row.nextAt === undefined ? '' : `in ${spanText(Date.parse(row.nextAt) - now)}`,
    row.message || 'no operator has looked at it yet',
  ]);
  return toTable([[title, 'PHASE', step, ...more.map(([head]) => head), 'SINCE', 'NEXT', 'MESSAGE'], ...rows], width);
}

function detailsOf<R extends StagedRow>(
  row: R,
  { title, tables, notes, command }: StagedColumns<R>,
  { width, isNamed }: StagedLook & { isNamed: boolean },
): string {
  const gates = row.gates.map(({ name, result, message }) => [name, result, message]);
  const held = row.isSuspended ? [`spec.suspend is true: ${command} resume ${row.name} lets it go on`] : [];
  const parts = [
    ...[{ head: ['GATE', 'SAYS', 'WHY'], rows: gates }, ...(tables?.(row) ?? [])].map(({ head, rows }) =>
      rows.length === 0 ? '' : toTable([head, ...rows], width),
    ),
    ...[...held, ...notes(row)].map((note) => `${wrapWords(note, width).join('\n')}\n`),
  ].filter((part) => part !== '');
  if (parts.length === 0) return '';
  return `${isNamed ? `${title} ${changeName(row)}\n` : ''}${parts.join('\n')}`;
}
