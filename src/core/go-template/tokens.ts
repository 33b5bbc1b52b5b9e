import { errorAt } from './template-error.ts';

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'string'
  | 'number'
  | 'character'
  | 'variable'
  | 'field'
  | 'dot'
  | 'word'
  | 'declare'
  | 'assign'
  | 'pipe'
  | 'leftParen'
  | 'rightParen'
  | 'comma'
  | 'end';

/** A piece of a template. */
export interface Token {
  kind: TokenKind;
  text: string;
  line: number;
}

const OPEN = '{{';
const CLOSE = '}}';
const TRIMS_LEFT = /-[ \t\r\n]/y;
const COMMENT_START = /(?:-[ \t\r\n])?\/\*/y;
const CLOSES = /([ \t\r\n]-)?\}\}/y;
const LEADING_SPACE = /[ \t\r\n]*/y;
/** What may follow a name. */
const TERMINATOR = /[ \t\r\n.,|:)(]|\}\}|$/y;

/** Kinds of tokens within an action, in the order in which they are tried. */
const PATTERNS: readonly [TokenKind, RegExp][] = [
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\[^\n])*'/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['leftParen', /\(/y],
  ['rightParen', /\)/y],
  ['comma', /,/y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['field', /\.(?!\d)[\p{L}\p{Nd}_]+/uy],
  [
    'number',
    /[-+]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][-+]?[\d_]*)?|0[oO][0-7_]*|0[bB][01_]*|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?[\d_]*)?)i?/y,
  ],
  ['dot', /\./y],
  ['word', /[\p{L}\p{Nd}_]+/uy],
];

const NAMES: ReadonlySet<TokenKind> = new Set(['variable', 'field', 'dot', 'word']);
const NAME_CHARACTER = /[\p{L}\p{Nd}_]/uy;

/** Splits a template into tokens. Trim markers and comments are applied here. @throws TemplateError */
export function tokenize(source: string): Token[] {
  return new Tokenizer(source).run();
}

class Tokenizer {
  private readonly source: string;
  private readonly tokens: Token[] = [];
  private position = 0;
  private line = 1;
  private parens = 0;

  constructor(source: string) {
    this.source = source;
  }

  run(): Token[] {
    while (this.position < this.source.length) this.textThenAction();
    this.push('end', '');
    return this.tokens;
  }

  private textThenAction(): void {
    const open = this.source.indexOf(OPEN, this.position);
    if (open < 0) {
      this.addText(this.source.slice(this.position));
      this.moveTo(this.source.length);
      return;
    }
    const inside = open + OPEN.length;
    const text = this.source.slice(this.position, open);
    const trims = matchAt(TRIMS_LEFT, this.source, inside) !== undefined;
    this.addText(trims ? text.replace(/[ \t\r\n]+$/, '') : text);
    this.moveTo(open);
    if (matchAt(COMMENT_START, this.source, inside) !== undefined) this.comment(inside + (trims ? 2 : 0));
    else this.action(inside + (trims ? 2 : 0));
  }

  private addText(text: string): void {
    if (text !== '') this.push('text', text);
  }

  private comment(start: number): void {
    const end = this.source.indexOf('*/', start + 2);
    if (end < 0) throw errorAt(this.line, 'a comment does not end');
    const close = matchAt(CLOSES, this.source, end + 2);
    if (close === undefined) throw errorAt(this.line, 'a comment must fill its braces: {{/* ... */}}');
    this.leave(end + 2, close);
  }

  private action(start: number): void {
    this.push('open', OPEN);
    this.moveTo(start);
    this.parens = 0;
    while (!this.closed()) this.next();
  }

  /** Ends the action when its closing braces are next. */
  private closed(): boolean {
    const close = matchAt(CLOSES, this.source, this.position);
    if (close === undefined) return false;
    if (this.parens > 0) throw errorAt(this.line, 'a parenthesis is not closed');
    this.push('close', CLOSE);
    this.leave(this.position, close);
    return true;
  }

  private leave(position: number, close: string): void {
    const after = position + close.length;
    const trimmed = close.length > CLOSE.length ? (matchAt(LEADING_SPACE, this.source, after) ?? '').length : 0;
    this.moveTo(after + trimmed);
  }

  private next(): void {
    if (this.position >= this.source.length) throw errorAt(this.line, 'an action does not end: }} is missing');
    if (this.space()) return;
    for (const [kind, pattern] of PATTERNS) {
      const text = matchAt(pattern, this.source, this.position);
      if (text !== undefined) {
        this.take(kind, text);
        return;
      }
    }
    throw errorAt(this.line, `unexpected character ${this.shown()} in an action`);
  }

  /** Space before ` -}}` stops in front of the marker. */
  private space(): boolean {
    let end = this.position;
    while (' \t\r\n'.includes(this.source[end] ?? 'x')) end += 1;
    if (end === this.position) return false;
    const beforeMarker = this.source.startsWith(`-${CLOSE}`, end);
    this.push('space', ' ');
    this.moveTo(beforeMarker ? end - 1 : end);
    return true;
  }

  private take(kind: TokenKind, text: string): void {
    const end = this.position + text.length;
    if (NAMES.has(kind) && matchAt(TERMINATOR, this.source, end) === undefined) {
      throw errorAt(this.line, `unexpected character ${JSON.stringify(this.source[end])} after ${text}`);
    }
    if (kind === 'number' && matchAt(NAME_CHARACTER, this.source, end) !== undefined) {
      throw errorAt(this.line, `${text}${this.source[end] ?? ''} is not a number`);
    }
    this.parens += kind === 'leftParen' ? 1 : kind === 'rightParen' ? -1 : 0;
    if (this.parens < 0) throw errorAt(this.line, 'a parenthesis closes nothing');
    this.push(kind, text);
    this.moveTo(end);
  }

  private shown(): string {
    return JSON.stringify(this.source.slice(this.position, this.position + 1));
  }

  private push(kind: TokenKind, text: string): void {
    this.tokens.push({ kind, text, line: this.line });
  }

  private moveTo(position: number): void {
    for (
      let at = this.source.indexOf('\n', this.position);
      at >= 0 && at < position;
      at = this.source.indexOf('\n', at + 1)
    ) {
      this.line += 1;
    }
    this.position = position;
  }
}

function matchAt(pattern: RegExp, source: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(source)?.[0];
}
