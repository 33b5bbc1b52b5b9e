// What is printed of comparisons: figures of this machine, and ratios, which are much the same on others.
import type { Comparison, Figures } from './side-by-side.ts';
import { BARE_NODE, type CommandComparison } from './processes.ts';

const MIB = 2 ** 20;

/** Rows of cells; the first row is the head. */
export type Table = string[][];

/** Lines whose columns are aligned. */
export function alignTable(table: Table): string {
  const [head = []] = table;
  const widths = head.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const line = (row: string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return table.map(line).join('\n');
}

/** A table of Markdown. */
export function markdownTable([head = [], ...rows]: Table): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

/** Each server's own figures. */
export function figuresTable(comparisons: readonly Comparison[]): Table {
  const head = ['load', 'server', 'a second', 'p50', 'p99', 'CPU of the server each', 'memory'];
  const rows = comparisons.flatMap(({ work, concurrency, figures }) =>
    [...figures].map(([server, { perSecond, p50, p99, cpu, memory }]) => [
      `${work}, ${concurrency} at once`,
      server,
      perSecond.toFixed(0),
      `${p50.toFixed(2)} ms`,
      `${p99.toFixed(2)} ms`,
      `${cpu.toFixed(2)} ms`,
      `${(memory / MIB).toFixed(0)} MiB`,
    ]),
  );
  return [head, ...rows];
}

/** Ours to one other server. */
export function ratiosTable(comparisons: readonly Comparison[], other: string): Table {
  const head = ['load', 'at once', 'answers a second', 'p50', 'p99', 'our p99 to its p50', 'CPU of each', 'memory'];
  const rows = comparisons.map(({ work, concurrency, figures }) => {
    const [ours, theirs] = [figures.get('ours'), figures.get(other)];
    if (!ours || !theirs) throw new Error(`ours and ${other} were not both measured`);
    const of = (key: keyof Figures): string => ratio(ours[key], theirs[key]);
    const tail = ratio(ours.p99, theirs.p50);
    return [work, String(concurrency), of('perSecond'), of('p50'), of('p99'), tail, of('cpu'), of('memory')];
  });
  return [head, ...rows];
}

/** Each command's own figures. */
export function commandsTable(comparisons: readonly CommandComparison[]): Table {
  const head = ['a process', 'whose', 'wall', 'CPU', 'peak memory'];
  const rows = comparisons.flatMap(({ command, ours, peer }) =>
    (peer
      ? [
          { whose: 'ours', ...ours },
          { whose: 'istioctl', ...peer },
        ]
      : [{ whose: 'ours', ...ours }]
    ).map(({ whose, wall, cpu, peak }) => [
      command,
      command === BARE_NODE ? '' : whose,
      `${wall.toFixed(0)} ms`,
      `${cpu.toFixed(0)} ms`,
      `${(peak / MIB).toFixed(0)} MiB`,
    ]),
  );
  return [head, ...rows];
}

/** Ours to a bare Node and, where it was asked, to istioctl. */
export function commandRatiosTable([bare, ...commands]: readonly CommandComparison[]): Table {
  const head = ['a process', 'wall to a bare Node', 'CPU', 'peak memory', 'wall to istioctl', 'CPU', 'peak memory'];
  const rows = commands.map(({ command, ours, peer }) => {
    const to = (other: typeof ours | undefined): string[] =>
      (['wall', 'cpu', 'peak'] as const).map((key) => (other ? ratio(ours[key], other[key]) : ''));
    return [command, ...to(bare?.ours), ...to(peer)];
  });
  return [head, ...rows];
}

function ratio(ours: number, theirs: number): string {
  const value = ours / theirs;
  return value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0);
}
