// What a terminal shows after a program wrote to it: as much of a terminal as the demo and the command line use.

/** Text of one look. */
export interface Run {
  readonly text: string;
  /** Parameters of the escape sequence that set the look, such as `1` (bold) or `32` (green); empty for none. */
  readonly look: string;
}

interface Cell {
  readonly character: string;
  readonly look: string;
}

/** Line ends, cursor up, erasing to the end of line or screen, and looks; other sequences are left out. */
// eslint-disable-next-line no-control-regex -- Escape sequences begin with a control character.
const TOKEN = /\x1b\[([\d;?]*)([A-Za-z])|\r|\n|[^\x1b\r\n]+/g;

/** The lines of the screen, however long it is, each as runs of one look. */
export function showTerminal(written: string): Run[][] {
  const screen = new Terminal();
  for (const [token, parameters = '', final] of written.matchAll(TOKEN)) {
    if (final === undefined) screen.write(token);
    else screen.obey(final, parameters);
  }
  return screen.lines.map(joinRuns);
}

class Terminal {
  readonly lines: Cell[][] = [[]];
  #row = 0;
  #column = 0;
  #look = '';

  write(token: string): void {
    if (token === '\r') this.#column = 0;
    else if (token === '\n') this.#go(this.#row + 1, 0);
    else for (const character of token) this.#line[this.#column++] = { character, look: this.#look };
  }

  obey(final: string, parameters: string): void {
    if (final === 'm') this.#look = isEnd(parameters) ? '' : parameters;
    else if (final === 'A') this.#go(Math.max(this.#row - Number(parameters || 1), 0), this.#column);
    else if (final === 'J') this.lines.length = this.#row + 1;
    if (final === 'K' || final === 'J') this.#line.length = Math.min(this.#line.length, this.#column);
  }

  get #line(): Cell[] {
    return (this.lines[this.#row] ??= []);
  }

  #go(row: number, column: number): void {
    this.#row = row;
    this.#column = column;
    this.lines[row] ??= [];
  }
}

/** All off, or off what was on. */
function isEnd(parameters: string): boolean {
  return parameters === '' || parameters === '0' || /^(2[2-9]|39|49)$/.test(parameters);
}

function joinRuns(line: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  for (const { character, look } of line) {
    const last = runs.at(-1);
    if (last?.look === look) runs[runs.length - 1] = { look, text: last.text + character };
    else runs.push({ look, text: character });
  }
  return runs;
}
