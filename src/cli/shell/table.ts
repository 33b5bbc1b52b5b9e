const GAP = 2;
/** A last column that is narrower than this is not worth being wrapped. */
const LEAST_WIDTH = 20;

/** Rows of cells as text, in columns as wide as what they hold; where a width is given, the last column is wrapped. */
export function toTable(rows: readonly (readonly string[])[], columns = Infinity): string {
  const last = (rows[0]?.length ?? 1) - 1;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const indent = widths.slice(0, last).reduce((sum, width) => sum + width + GAP, 0);
  const room = Math.max(LEAST_WIDTH, columns - indent);
  const line = (row: readonly string[]): string => {
    const cells = row.slice(0, last).map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP));
    const text = wrapWords(row[last] ?? '', room).join(`\n${' '.repeat(indent)}`);
    return [...cells, text].join('').trimEnd();
  };
  return rows.map((row) => `${line(row)}\n`).join('');
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
