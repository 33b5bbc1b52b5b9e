import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { filter, isWanted } from '../state.ts';
import { withCommas } from '../text.ts';
import { Nothing } from './section.tsx';

/** One column; `text` is what the filter looks at, and is shown unless `cell` shows it in another way. */
export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  cell?: (row: Row) => ComponentChildren;
  isNumber?: boolean;
}

interface PagedTableProps<Row> {
  /** What the rows are, for those who cannot see where the table stands. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Said in place of a table without rows. */
  nothing: string;
}

const FIRST = 25;
const MORE = 200;

/**
 * A table of which a part is drawn: thousands of rows cost nothing until somebody asks for them, and what is there is an
 * ordinary table, for the search of the browser and for screen readers.
 */
export function PagedTable<Row>({ caption, columns, rows, nothing }: PagedTableProps<Row>): JSX.Element {
  const limit = useSignal(FIRST);
  const texts = useMemo(() => rows.map((row) => columns.map(({ text }) => text(row)).join(' ')), [rows]);
  const chosen = useMemo(() => rows.filter((_, at) => isWanted(texts[at] ?? '')), [texts, filter.value]);
  if (rows.length === 0) return <Nothing>{nothing}</Nothing>;
  const shown = chosen.slice(0, limit.value);
  const left = chosen.length - shown.length;
  return (
    <div class="table">
      <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption>
            {caption} <span class="count">{countText(shown.length, chosen.length, rows.length)}</span>
          </caption>
          <thead>
            <tr>
              {columns.map(({ title, isNumber }) => (
                <th scope="col" class={isNumber ? 'number' : ''}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr>
                {columns.map(({ text, cell, isNumber }) => (
                  <td class={isNumber ? 'number' : ''}>{cell ? cell(row) : text(row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && (
        <button type="button" onClick={() => (limit.value += MORE)}>
          Show {withCommas(Math.min(left, MORE))} more
        </button>
      )}
    </div>
  );
}

function countText(shown: number, chosen: number, all: number): string {
  const some = shown === chosen ? withCommas(chosen) : `${withCommas(shown)} of ${withCommas(chosen)}`;
  return chosen === all ? some : `${some}, filtered from ${withCommas(all)}`;
}
