import type { Run } from './terminal.ts';

const CHARACTER = 8.4;
const LINE = 20;
const MARGIN = 20;
const BAR = 30;

const LOOKS: Readonly<Record<string, string>> = { '1': 'b', '2': 'd', '31': 'r', '32': 'g', '33': 'y' };

const STYLE = `
    rect { fill: #1c2128 }
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d0d7de; white-space: pre }
    .b { font-weight: bold; fill: #fff }
    .d { fill: #8b949e }
    .r { fill: #ff7b72 }
    .g { fill: #7ee787 }
    .y { fill: #f2cc60 }`;

/** A window with lines of a terminal, as SVG that needs no font and no script; `title` is what a screen reader says. */
export function renderSvg(lines: readonly (readonly Run[])[], title: string): string {
  const columns = Math.max(80, ...lines.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN);
  const height = BAR + lines.length * LINE + MARGIN;
  const texts = lines.map((line, index) => renderLine(line, BAR + (index + 0.75) * LINE)).filter(Boolean);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${escape(title)}</title>
  <style>${STYLE}
  </style>
  <rect width="${width}" height="${height}" rx="8"/>
  <circle cx="20" cy="16" r="5" fill="#ff7b72"/><circle cx="38" cy="16" r="5" fill="#f2cc60"/><circle cx="56" cy="16" r="5" fill="#7ee787"/>
${texts.join('\n')}
</svg>
`;
}

function renderLine(line: readonly Run[], y: number): string {
  let column = 0;
  const spans = line.map(({ text, look }) => {
    const x = MARGIN + column * CHARACTER;
    column += text.length;
    if (text.trim() === '') return '';
    const name = LOOKS[look];
    // Each run has its place and its length: no font is as wide as the next.
    const length = (text.length * CHARACTER).toFixed(1);
    return `<tspan x="${x.toFixed(1)}" textLength="${length}"${name === undefined ? '' : ` class="${name}"`}>${escape(text)}</tspan>`;
  });
  const content = spans.join('');
  return content === '' ? '' : `  <text y="${y}" xml:space="preserve">${content}</text>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
