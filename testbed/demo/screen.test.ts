import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Line } from './line.ts';
import { Screen, type Output } from './screen.ts';

/** A terminal, as far as the screen needs one: what it shows after each write. */
class FakeTerminal implements Output {
  readonly isTTY = true;
  columns: number;
  rows = 24;
  /** Everything that has ever been shown, line by line. */
  readonly #lines: string[] = [''];
  #row = 0;
  #column = 0;
  readonly frames: string[][] = [];

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    // eslint-disable-next-line no-control-regex -- escape sequences are what is read
    for (const [token] of text.matchAll(/\u001b\[\d*[AJK]|\n|[^\u001b\n]/g)) this.#take(token);
    this.frames.push(this.shown());
  }

  shown(): string[] {
    return this.#lines.slice(0, -1);
  }

  #take(token: string): void {
    const line = this.#lines[this.#row] ?? '';
    if (token === '\n') this.#moveTo(this.#row + 1);
    else if (token.endsWith('A') && token.length > 1) this.#moveTo(this.#row - Number(token.slice(2, -1)));
    else if (token === '\u001b[K') this.#lines[this.#row] = line.slice(0, this.#column);
    else if (token === '\u001b[J') this.#lines.splice(this.#row, Infinity, line.slice(0, this.#column));
    else this.#print(line, token);
  }

  #print(line: string, character: string): void {
    if (this.#column >= this.columns) throw new Error(`a line of a picture is broken: ${line}`);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column += 1;
  }

  #moveTo(row: number): void {
    this.#row = row;
    this.#column = 0;
    this.#lines[row] ??= '';
  }
}

const line = (text: string): Line => [text];

describe('Screen on a terminal', () => {
  it('shows after any steps what was said, and below it the last picture', () => {
    const word = fc
      .tuple(fc.constantFrom(...'abcdef'), fc.integer({ min: 1, max: 30 }))
      .map(([letter, count]) => letter.repeat(count));
    const steps = fc.array(
      fc.oneof(
        word.map((say) => ({ say })),
        fc.array(word, { maxLength: 6 }).map((draw) => ({ draw })),
      ),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const terminal = new FakeTerminal(20);
        const screen = new Screen(terminal, {});
        const said: string[] = [];
        let picture: string[] = [];
        for (const step of all) {
          if ('say' in step) {
            said.push(step.say.slice(0, 19));
            screen.say(said.at(-1));
          } else {
            picture = step.draw;
            screen.draw(picture.map(line));
          }
          expect(terminal.shown()).toEqual([...said, ...picture.map((text) => text.slice(0, 19))]);
        }
      }),
    );
  });

  it('never takes a picture away before the next one is there', () => {
    const terminal = new FakeTerminal(40);
    const screen = new Screen(terminal, {});
    for (const count of [1, 2, 3]) screen.draw([line('CALLER'), line(`requests ${count}`)]);
    expect(terminal.frames).toEqual([1, 2, 3].map((count) => ['CALLER', `requests ${count}`]));
  });

  it('has no picture that is higher than the terminal, whose first lines could not be drawn over', () => {
    const terminal = new FakeTerminal(40);
    terminal.rows = 5;
    const screen = new Screen(terminal, {});
    screen.draw(Array.from({ length: 9 }, (_, index) => line(`line ${index}`)));
    expect(terminal.shown()).toEqual(['line 0', 'line 1', 'line 2', 'line 3']);
  });

  it('begins a new picture below the old one when the terminal has another width', () => {
    const terminal = new FakeTerminal(40);
    const screen = new Screen(terminal, {});
    screen.draw([line('wide')]);
    terminal.columns = 30;
    screen.draw([line('narrow')]);
    screen.draw([line('narrow too')]);
    expect(terminal.shown()).toEqual(['wide', 'narrow too']);
  });

  it('lets a picture stand when it is told to', () => {
    const terminal = new FakeTerminal(40);
    const screen = new Screen(terminal, {});
    screen.draw([line('first')]);
    screen.keep();
    screen.draw([line('second')]);
    expect(terminal.shown()).toEqual(['first', 'second']);
  });

  it('replaces what goes on, and keeps what is over', () => {
    const terminal = new FakeTerminal(60);
    const screen = new Screen(terminal, {});
    for (const text of ['building a: 1 of 2', 'building a: 2 of 2', 'built a in 3 s', 'building b: 1 of 9']) {
      screen.progress(text);
    }
    screen.say('done');
    screen.progress('building b: 2 of 9');
    expect(terminal.shown()).toEqual([
      'building a: 2 of 2',
      'built a in 3 s',
      'building b: 1 of 9',
      'done',
      'building b: 2 of 9',
    ]);
  });

  it('colours by meaning, unless NO_COLOR is set or the terminal is dumb', () => {
    const write = (env: Record<string, string>): string => {
      let text = '';
      const output = { isTTY: true, columns: 40, rows: 24, write: (more: string) => (text += more) };
      new Screen(output, env).draw([['requests ', ['bad', 'refused']]]);
      return text;
    };
    expect(write({ TERM: 'xterm' })).toContain('requests \u001b[31mrefused\u001b[39m');
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) expect(write(env)).toContain('requests refused');
  });
});

describe('Screen elsewhere', () => {
  it('writes plain lines and no pictures', () => {
    let text = '';
    const screen = new Screen({ write: (more) => (text += more) }, {});
    screen.progress('building a: 1 of 2');
    screen.progress('building a: 2 of 2');
    screen.draw([line('picture')]);
    screen.say('done\n');
    expect(text).toBe('building a: 1 of 2\nbuilding a: 2 of 2\ndone\n\n');
  });
});
