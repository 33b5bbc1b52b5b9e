const MARKERS = ['not run', 'no block is run', 'with', 'as', 'sample', 'refused', 'warned', 'cluster', 'run'] as const;
export type MarkerName = (typeof MARKERS)[number];

/** A fenced block. */
export interface Block {
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** A comment that says what is done with a block. */
export interface Marker {
  readonly line: number;
  readonly name: MarkerName;
  readonly value: string;
}

/** Ends the reading with the line and what is wrong there. */
export type Fail = (line: number, why: string) => never;

/** Fenced blocks and markers in their order; the rest is prose. */
export function splitMarkdown(markdown: string, fail: Fail): (Block | Marker)[] {
  const lines = markdown.split('\n');
  const parts: (Block | Marker)[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const part = readPart(lines, at);
    if (part === undefined) continue;
    const end = lines.findIndex((line, index) => index >= part.begin && part.end.test(line));
    if (end < 0) fail(at + 1, 'this is not closed');
    const within = lines.slice(part.begin, end);
    if (part.language === undefined) parts.push(readMarker(at + 1, lines.slice(at, end + 1).join('\n'), fail));
    else parts.push({ line: at + 1, language: part.language, text: dedent(within, part.indent) });
    at = end;
  }
  return parts;
}

/** What begins at a line: a block that has a language, perhaps an empty one, or a comment. */
interface Part {
  readonly begin: number;
  readonly end: RegExp;
  readonly indent: number;
  readonly language?: string;
}

function readPart(lines: readonly string[], at: number): Part | undefined {
  const [, indent = '', opening, language = ''] = /^( *)(```|<!--)(\w*)/.exec(lines[at] ?? '') ?? [];
  if (opening === undefined) return undefined;
  // A comment may end on the line on which it begins.
  if (opening === '<!--') return { begin: at, end: /-->$/, indent: indent.length };
  return { begin: at + 1, end: /^ *```$/, indent: indent.length, language };
}

function dedent(lines: readonly string[], indent: number): string {
  return lines.map((line) => `${line.slice(indent)}\n`).join('');
}

function readMarker(line: number, comment: string, fail: Fail): Marker {
  const text = comment.trim().slice('<!--'.length, -'-->'.length).trim();
  const name = MARKERS.find((known) => text.startsWith(known === 'run' ? 'run\n' : `${known}: `));
  if (name === undefined)
    return fail(line, `<!-- ${text.split('\n')[0] ?? ''} is no marker: ${MARKERS.join(', ')} are`);
  return { line, name, value: text.slice(name.length).replace(/^:/, '').trim() };
}
