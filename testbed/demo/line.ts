// Lines of the demo's pictures: text with a meaning, which becomes a colour where somebody looks.
import { styleText } from 'node:util';

/** What a part of a line means. */
export type Tone = 'heading' | 'good' | 'bad' | 'quiet';

/** A part of a line. */
export type Span = string | readonly [tone: Tone, text: string];

/** One line, of parts. */
export type Line = readonly Span[];

const STYLES = { heading: 'bold', good: 'green', bad: 'red', quiet: 'dim' } as const;

/** The line without its meaning. */
export function plainText(line: Line): string {
  return line.map(textOf).join('');
}

/** The line's first characters; what would move the cursor is a space. */
export function cutLine(line: Line, width: number): Line {
  let left = width;
  return line.map((span) => {
    const text = textOf(span)
      .replaceAll(/\p{Cc}+/gu, ' ')
      .slice(0, Math.max(left, 0));
    left -= text.length;
    return typeof span === 'string' ? text : [span[0], text];
  });
}

/** Breaks a sentence that is too long at spaces, and indents what goes on. */
export function wrapWords(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const start = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = start;
  for (const word of text.trim().split(/ +/)) {
    const isFirst = line.trim() === '';
    if (!isFirst && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${start}  ${word}`;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** The line with escape sequences of a terminal for its colours. */
export function paintLine(line: Line): string {
  return line
    .map((span) => {
      if (typeof span === 'string' || span[1] === '') return textOf(span);
      return styleText(STYLES[span[0]], span[1], { validateStream: false });
    })
    .join('');
}

function textOf(span: Span): string {
  return typeof span === 'string' ? span : span[1];
}
