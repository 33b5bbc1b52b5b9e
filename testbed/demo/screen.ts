import { cutLine, paintLine, plainText, wrapWords, type Line } from './line.ts';

/** Where the demo writes: a terminal, or a file that looks like none. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const UP = (lines: number): string => (lines === 0 ? '' : `\x1b[${lines}A`);
const CLEAR_REST_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/**
 * Text that scrolls, and below it, on a terminal, a picture that is redrawn in place. Each change is one write, without
 * a moment in which something is gone, so that nothing flickers.
 */
export class Screen {
  readonly #output: Output;
  readonly #hasColours: boolean;
  #picture: readonly Line[] = [];
  #columns = 0;
  #subject: string | undefined;

  constructor(output: Output, env: Readonly<Record<string, string | undefined>>) {
    this.#output = output;
    this.#hasColours = this.isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  get isTerminal(): boolean {
    return this.#output.isTTY === true;
  }

  /** Characters of a line of a picture. */
  get width(): number {
    // The last column is left out: there some terminals begin a new line, and some do not.
    return Math.max(this.#output.columns ?? 80, 20) - 1;
  }

  /** Writes sentences above the picture, which a terminal does not break within words. */
  tell(text: string): void {
    const lines = text.split('\n');
    this.say((this.isTerminal ? lines.flatMap((line) => wrapWords(line, this.width)) : lines).join('\n'));
  }

  /** Writes text above the picture as it is, such as commands to copy. */
  say(text = ''): void {
    // What was said last is finished.
    if (this.#subject !== undefined) this.keep();
    const lines = text.split('\n').map((line) => `${line}${this.isTerminal ? CLEAR_REST_OF_LINE : ''}\n`);
    this.#output.write(this.#toStart() + lines.join('') + this.#renderPicture());
  }

  /** Says what happens now; on a terminal, a line that goes on about the same replaces the one before. */
  progress(text: string): void {
    const subject = text.split(':')[0] ?? '';
    if (!this.isTerminal || text.length > this.width) {
      this.tell(text);
      return;
    }
    if (subject !== this.#subject) this.keep();
    // Not finished yet.
    this.#subject = undefined;
    this.draw([[text]]);
    this.#subject = subject;
  }

  /** Puts a picture in the place of the last one; on a terminal only, and of what has too many lines the first. */
  draw(picture: readonly Line[]): void {
    if (!this.isTerminal) return;
    if (this.#subject !== undefined) this.keep();
    const start = this.#toStart();
    this.#picture = picture.slice(0, Math.max((this.#output.rows ?? 24) - 1, 1));
    this.#output.write(start + this.#renderPicture() + CLEAR_BELOW);
  }

  /** Lets the picture stand as it is: what comes next is below it. */
  keep(): void {
    this.#picture = [];
    this.#subject = undefined;
  }

  #toStart(): string {
    const columns = this.#output.columns ?? 80;
    // Where lines were broken anew nobody knows how many there are.
    const isSameWidth = this.#columns === columns;
    this.#columns = columns;
    return isSameWidth ? UP(this.#picture.length) : '';
  }

  #renderPicture(): string {
    const paint = this.#hasColours ? paintLine : plainText;
    return this.#picture.map((line) => `${paint(cutLine(line, this.width))}${CLEAR_REST_OF_LINE}\n`).join('');
  }
}
