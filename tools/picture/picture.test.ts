import { expect, it } from 'vitest';
import { renderSvg } from './render-svg.ts';
import { showTerminal } from './terminal.ts';

const shown = (written: string): string[] => showTerminal(written).map((line) => line.map(({ text }) => text).join(''));

it.each([
  ['lines', 'a\r\nb\n', ['a', 'b', '']],
  ['a line that is written over', 'abc\rx', ['xbc']],
  ['a picture that is drawn anew, and is shorter', 'a\nbb\ncc\n\x1b[2Ad\x1b[K\n\x1b[J', ['a', 'd', '']],
  ['other sequences left out', '\x1b[?25la', ['a']],
])('a terminal shows %s', (_what, written, lines) => {
  expect(shown(written)).toEqual(lines);
});

it('keeps looks apart', () => {
  expect(showTerminal('a\x1b[32mb\x1b[39mc')).toEqual([
    [
      { look: '', text: 'a' },
      { look: '32', text: 'b' },
      { look: '', text: 'c' },
    ],
  ]);
});

it('draws text as it is, in its place and colour', () => {
  const svg = renderSvg(showTerminal('a <b> & \x1b[31mno\x1b[39m'), 'Demo');
  expect(svg).toContain('<title>Demo</title>');
  expect(svg).toContain('a &lt;b&gt; &amp; ');
  expect(svg).toMatch(/x="87.2" textLength="16.8" class="r">no</);
});
