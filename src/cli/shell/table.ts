const GAP = 2;
/** A last column with less room goes below its row. */
const LEAST_WIDTH = 40;
const BELOW = 4;

/**
 * Rows of cells as text, the first of them as head, in columns as wide as what they hold. Where a width is given, the
 * last column is wrapped, or stands below its row, without a head, when the others leave it no room.
 */
export function toTable(rows: readonly (readonly string[])[], columns = Infinity): string {
  const last = (rows[0]?.length ?? 1) - 1;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const start = widths.slice(0, last).reduce((sum, width) => sum + width + GAP, 0);
  const isBelow = start + Math.min(LEAST_WIDTH, widths[last] ?? 0) > columns;
  const indent = isBelow ? BELOW : start;
  const line = (row: readonly string[], index: number): string => {
    const cells = row.slice(0, last).map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP));
    const text = isBelow && index === 0 ? '' : (row[last] ?? '');
    const newLine = `\n${' '.repeat(indent)}`;
    const before = isBelow && text !== '' ? `${cells.join('').trimEnd()}${newLine}` : cells.join('');
    return `${before}${wrapWords(text, columns - indent).join(newLine)}`.trimEnd();
  };
  return rows.map((row, index) => `${line(row, index)}\n`).join('');
}

/** Lines of whole words; a word that is longer stands alone. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const before = lines.at(-1);
    if (before !== undefined && before.length + 1 + word.length <= width) lines[lines.length - 1] = `${before} ${word}`;
    else lines.push(word);
  }
  return lines;
}
