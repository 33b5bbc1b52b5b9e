/** Words that stand alone in a cell or begin a line, by what they mean. */
export interface ColouredWords {
  good: readonly string[];
  odd: readonly string[];
  bad: readonly string[];
}

const COLOURS = { good: 32, odd: 33, bad: 31 } as const;
const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';

/** Text of tables with words in the colours of what they mean, and heads of parts in bold. */
export function colourWords(text: string, words: ColouredWords): string {
  const bold = text.replaceAll(/^[A-Z][A-Z ]+$/gm, `${BOLD}$&${PLAIN}`);
  return (['good', 'odd', 'bad'] as const).reduce((coloured, meaning) => {
    const known = new RegExp(`(?<=^|\\s\\s)(${words[meaning].join('|')})(?=\\s|$)`, 'gm');
    return coloured.replaceAll(known, `\u001b[${COLOURS[meaning]}m$1${PLAIN}`);
  }, bold);
}
