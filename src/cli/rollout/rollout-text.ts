import type { RolloutRow } from '../../core/report/mesh-report.ts';
import { spanText } from '../shell/age.ts';
import { colourWords } from '../shell/colour-words.ts';
import { toTable, wrapWords } from '../shell/table.ts';

/** How rollouts are written. */
export interface RolloutLook {
  /** Characters of a line. */
  columns: number;
  isColoured: boolean;
  /** Milliseconds since the epoch: ages are told from it. */
  now: number;
}

/** Words of rollouts by what they mean. */
export const ROLLOUT_WORDS = {
  good: ['Done', 'good'],
  odd: ['Waiting', 'Acting', 'Soaking', 'RollingBack', 'unknown', 'silent'],
  bad: ['Paused', 'RolledBack', 'Aborted', 'Invalid', 'bad'],
};

/** Rollouts for people: one line for each, then what there is to say of it. */
export function rolloutsText(rows: readonly RolloutRow[], look: RolloutLook): string {
  const text = [rolloutsTable(rows, look), ...rows.map((row) => details(row, rows.length > 1, look))]
    .filter((part) => part !== '')
    .join('\n');
  return look.isColoured ? colourWords(text, ROLLOUT_WORDS) : text;
}

/** The line of each rollout. */
export function rolloutsTable(rows: readonly RolloutRow[], { now, columns }: Omit<RolloutLook, 'isColoured'>): string {
  const cells = rows.map((row) => [
    `${row.namespace}/${row.name}`,
    row.phase || 'Unseen',
    waveText(row),
    row.since === undefined ? '' : spanText(now - Date.parse(row.since)),
    ...[row.counts?.workloads, row.counts?.stale, row.counts?.underWay, row.counts?.renewed, row.counts?.blocked].map(
      (count) => (count === undefined ? '' : String(count)),
    ),
    row.nextAt === undefined ? '' : `in ${spanText(Date.parse(row.nextAt) - now)}`,
    row.message || 'no operator has looked at it yet',
  ]);
  const counts = ['WORKLOADS', 'STALE', 'UNDER WAY', 'RENEWED', 'BLOCKED'];
  return toTable([['PROXYROLLOUT', 'PHASE', 'WAVE', 'SINCE', ...counts, 'NEXT', 'MESSAGE'], ...cells], columns);
}

function waveText({ wave, step, waves }: RolloutRow): string {
  return wave === '' ? '' : `${wave} (${Math.min(step + 1, waves)} of ${waves})`;
}

function details(row: RolloutRow, isNamed: boolean, { columns }: RolloutLook): string {
  const title = isNamed ? `PROXYROLLOUT ${row.namespace}/${row.name}\n` : '';
  const name = ({ kind, namespace, name: its }: RolloutRow['underWay'][number]): string =>
    `${kind} ${namespace}/${its}`;
  const parts = [
    words(suspensionOf(row), columns),
    table(
      ['UNDER WAY'],
      row.underWay.map((each) => [name(each)]),
      columns,
    ),
    table(
      ['GATE', 'SAYS', 'WHY'],
      row.gates.map(({ name: gate, result, message }) => [gate, result, message]),
      columns,
    ),
    table(
      ['BLOCKED', 'REASON', 'WHY'],
      row.blocked.map((each) => [name(each), each.reason, each.message]),
      columns,
    ),
    words(restOf(row), columns),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${title}${parts.join('\n')}`;
}

function suspensionOf({ isSuspended, name }: RolloutRow): string {
  return isSuspended ? `spec.suspend is true: sailwright rollout resume ${name} lets it go on` : '';
}

function restOf({ counts, blocked }: RolloutRow): string {
  const rest = (counts?.blocked ?? 0) - blocked.length;
  return rest > 0 ? `${rest} more are blocked: sailwright proxies tells of every workload` : '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[], columns: number): string {
  return rows.length === 0 ? '' : toTable([head, ...rows], columns);
}

function words(text: string, columns: number): string {
  return text === '' ? '' : `${wrapWords(text, columns).join('\n')}\n`;
}
