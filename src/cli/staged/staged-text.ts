import type { KubeObject } from '../../core/kube-object.ts';
import { spanText } from '../shell/age.ts';
import { toTable, wrapWords } from '../shell/table.ts';
import { isSuspended, nameOf, statusOf } from './staged-kind.ts';

/** What is told of a kind beside what is told of all. */
export interface StagedColumns {
  /** Head of the first column: the kind. */
  title: string;
  /** Heads and cells of further columns. */
  more: readonly (readonly [head: string, cell: (resource: KubeObject) => string])[];
  /** The word before its commands: `sailwright shift`. */
  command: string;
  /** Sentences below the table. */
  notes: (resource: KubeObject) => string[];
}

/** Resources for people: one line for each, then what their gates say and what else there is to say. */
export function stagedText(
  found: readonly KubeObject[],
  columns: StagedColumns,
  { width, now }: { width: number; now: number },
): string {
  const rows = found.map((resource) => {
    const { phase, since, nextAt, message } = statusOf(resource);
    return [
      nameOf(resource),
      phase ?? 'Unseen',
      ...columns.more.map(([, cell]) => cell(resource)),
      since === undefined ? '' : spanText(now - Date.parse(since)),
      nextAt === undefined ? '' : `in ${spanText(Date.parse(nextAt) - now)}`,
      message ?? 'no operator has looked at it yet',
    ];
  });
  const head = [columns.title, 'PHASE', ...columns.more.map(([name]) => name), 'SINCE', 'NEXT', 'MESSAGE'];
  const details = found.map((resource) => detailsOf(resource, columns, { width, isNamed: found.length > 1 }));
  return [toTable([head, ...rows], width), ...details].filter((part) => part !== '').join('\n');
}

function detailsOf(
  resource: KubeObject,
  { title, notes, command }: StagedColumns,
  { width, isNamed }: { width: number; isNamed: boolean },
): string {
  const gates = (statusOf(resource).gates ?? []).map(({ name, result, message }) => [name, result, message]);
  const held = isSuspended(resource)
    ? [`spec.suspend is true: ${command} resume ${resource.metadata.name} lets it go on`]
    : [];
  const parts = [
    gates.length === 0 ? '' : toTable([['GATE', 'SAYS', 'WHY'], ...gates], width),
    ...[...held, ...notes(resource)].map((note) => `${wrapWords(note, width).join('\n')}\n`),
  ].filter((part) => part !== '');
  if (parts.length === 0) return '';
  return `${isNamed ? `${title} ${nameOf(resource)}\n` : ''}${parts.join('\n')}`;
}
