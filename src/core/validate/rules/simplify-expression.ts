const UNICODE_CLASS = /\\[pP](?:\{[^{}\\]{1,40}\}|[A-Za-z])/y;
const FLAGS = /\(\?[imsU-]*i[imsU-]*[:)]/y;
const NAMED_CLASS = /\[:[^\]]*:\]/y;

/**
 * An expression in RE2's syntax that is valid exactly when the given one is, without what makes reading one slow:
 * classes of Unicode, each hundreds of ranges long, and the flag to ignore case, by which each range is walked character
 * by character. Both take the reader thousands of times as long as other text of the same length.
 */
export function simplifyExpression(text: string, isUnicodeClass: (escape: string) => boolean): string {
  if (!text.includes('\\p') && !text.includes('\\P') && !text.includes('(?')) return text;
  return new Simplifier(text, isUnicodeClass).run();
}

/** Walks an expression piece by piece, as far as is needed to know what a piece means. */
class Simplifier {
  readonly #text: string;
  readonly #isUnicodeClass: (escape: string) => boolean;
  #at = 0;
  #result = '';

  constructor(text: string, isUnicodeClass: (escape: string) => boolean) {
    this.#text = text;
    this.#isUnicodeClass = isUnicodeClass;
  }

  run(): string {
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] === '[') this.#copyClass();
      else this.#copyPiece();
    }
    return this.#result;
  }

  #copyPiece(): void {
    const flags = this.#text[this.#at] === '(' ? this.#match(FLAGS) : undefined;
    if (flags !== undefined) this.#replace(flags, flags.replaceAll('i', 's'));
    else if (this.#text.startsWith('\\Q', this.#at)) this.#copyQuoted();
    else if (this.#text[this.#at] === '\\') this.#copyEscape();
    else this.#copy(1);
  }

  /** Up to its bracket: the first character may be the bracket itself. */
  #copyClass(): void {
    this.#copy(this.#text[this.#at + 1] === '^' ? 2 : 1);
    for (let isFirst = true; this.#at < this.#text.length; isFirst = false) {
      if (this.#text[this.#at] === ']' && !isFirst) return this.#copy(1);
      const named = this.#match(NAMED_CLASS);
      if (named !== undefined) this.#copy(named.length);
      else if (this.#text[this.#at] === '\\') this.#copyEscape();
      else this.#copy(1);
    }
  }

  #copyQuoted(): void {
    const end = this.#text.indexOf('\\E', this.#at);
    this.#copy(end < 0 ? this.#text.length : end + 2 - this.#at);
  }

  /** A class of digits stands where a class of Unicode may stand, and nowhere else. */
  #copyEscape(): void {
    const escape = this.#match(UNICODE_CLASS);
    if (escape !== undefined && this.#isUnicodeClass(escape)) this.#replace(escape, '\\d');
    else this.#copy(2);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #copy(length: number): void {
    this.#result += this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  #replace(before: string, after: string): void {
    this.#result += after;
    this.#at += before.length;
  }
}
