import { parseCharacter, parseNumber, parseString } from './literals.ts';
import type { Command, Operand, Pipeline, SyntaxTree, TemplateNode } from './syntax-tree.ts';
import { errorAt, TemplateError } from './template-error.ts';
import { tokenize, type Token, type TokenKind } from './tokens.ts';

const MAX_DEPTH = 100;
const LITERALS: ReadonlySet<Operand['kind']> = new Set(['dot', 'nil', 'boolean', 'number', 'string']);

/** Whether a name can be called; throws for a known function that is refused. */
export type FunctionCheck = (name: string) => boolean;

/** Parses a template. @throws TemplateError that names the line */
export function parseTemplate(source: string, isFunction: FunctionCheck): SyntaxTree {
  return new Parser(tokenize(source), isFunction).parse();
}

/** How a list of nodes ended. */
type Ending = 'end' | 'else' | 'elseControl';

class Parser {
  private readonly tokens: Token[];
  private readonly isFunction: FunctionCheck;
  private readonly defined = new Map<string, readonly TemplateNode[]>();
  private position = 0;
  private variables: string[] = ['$'];
  private depth = 0;
  private ranges = 0;

  constructor(tokens: Token[], isFunction: FunctionCheck) {
    this.tokens = tokens;
    this.isFunction = isFunction;
  }

  parse(): SyntaxTree {
    const root: TemplateNode[] = [];
    while (this.peek().kind !== 'end') {
      if (this.atDefinition()) this.definition();
      else root.push(this.topLevelNode());
    }
    return { root, defined: this.defined };
  }

  private topLevelNode(): TemplateNode {
    const { line } = this.peek();
    const node = this.node();
    if (typeof node === 'string') throw errorAt(line, `{{${node === 'end' ? 'end' : 'else'}}} belongs to no block`);
    return node;
  }

  private atDefinition(): boolean {
    if (this.peek().kind !== 'open') return false;
    const [first, second] = [this.tokens[this.position + 1], this.tokens[this.position + 2]];
    const word = first?.kind === 'space' ? second : first;
    return word?.kind === 'word' && word.text === 'define';
  }

  private definition(): void {
    const { line } = this.take();
    this.nextSolid();
    const name = this.templateName('define');
    this.expectClose('define');
    this.define(
      name,
      this.isolated(() => this.bodyOnly('define', line)),
      line,
    );
  }

  private define(name: string, nodes: readonly TemplateNode[], line: number): void {
    const known = this.defined.get(name);
    if (known && !isBlank(known)) {
      if (isBlank(nodes)) return;
      throw errorAt(line, `template ${JSON.stringify(name)} is defined twice`);
    }
    this.defined.set(name, nodes);
  }

  /** Parses a template of its own: it sees no variables of the one around it. */
  private isolated<T>(parse: () => T): T {
    const { variables, ranges } = this;
    this.variables = ['$'];
    this.ranges = 0;
    const result = parse();
    this.variables = variables;
    this.ranges = ranges;
    return result;
  }

  private bodyOnly(what: string, line: number): TemplateNode[] {
    const { nodes, ending } = this.body(line);
    if (ending !== 'end') throw errorAt(line, `{{${what}}} has no {{else}}`);
    return nodes;
  }

  private body(line: number): { nodes: TemplateNode[]; ending: Ending } {
    return this.nested(line, () => {
      const nodes: TemplateNode[] = [];
      while (this.peek().kind !== 'end') {
        const node = this.node();
        if (typeof node === 'string') return { nodes, ending: node };
        nodes.push(node);
      }
      throw errorAt(line, 'the block that starts here has no {{end}}');
    });
  }

  private nested<T>(line: number, parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw errorAt(line, `blocks and parentheses nest deeper than ${MAX_DEPTH}`);
    const result = parse();
    this.depth -= 1;
    return result;
  }

  private node(): TemplateNode | Ending {
    const token = this.take();
    if (token.kind === 'text') return { kind: 'text', text: token.text };
    if (token.kind !== 'open') throw unexpected(token, 'the template');
    const word = this.peekSolid();
    const keyword = word.kind === 'word' ? this.keyword(word) : undefined;
    if (keyword !== undefined) return keyword;
    return { kind: 'action', pipeline: this.pipeline('an action', 'close') };
  }

  private keyword(word: Token): TemplateNode | Ending | undefined {
    switch (word.text) {
      case 'if':
      case 'with':
      case 'range':
        this.nextSolid();
        return this.control(word.text, word.line);
      case 'else':
        this.nextSolid();
        return this.elseEnding();
      case 'end':
        this.nextSolid();
        this.expectClose('end');
        return 'end';
      case 'break':
      case 'continue':
        this.nextSolid();
        return this.loopExit(word.text, word.line);
      case 'template':
        this.nextSolid();
        return this.templateCall(word.line);
      case 'block':
        this.nextSolid();
        return this.block(word.line);
      case 'define':
        throw errorAt(word.line, '{{define}} must not stand in another block');
      default:
        return undefined;
    }
  }

  private elseEnding(): Ending {
    const next = this.peekSolid();
    if (next.kind === 'word' && (next.text === 'if' || next.text === 'with')) return 'elseControl';
    this.expectClose('else');
    return 'else';
  }

  private loopExit(kind: 'break' | 'continue', line: number): TemplateNode {
    this.expectClose(kind);
    if (this.ranges === 0) throw errorAt(line, `{{${kind}}} stands outside {{range}}`);
    return { kind };
  }

  private control(kind: 'if' | 'with' | 'range', line: number): TemplateNode {
    const known = this.variables.length;
    const pipeline = this.pipeline(kind, 'close');
    this.ranges += kind === 'range' ? 1 : 0;
    const { nodes, ending } = this.body(line);
    this.ranges -= kind === 'range' ? 1 : 0;
    const otherwise = this.otherwise(kind, line, ending);
    this.variables.length = known;
    return { kind, pipeline, body: nodes, otherwise };
  }

  private otherwise(kind: 'if' | 'with' | 'range', line: number, ending: Ending): TemplateNode[] | undefined {
    if (ending === 'end') return undefined;
    if (ending === 'else') return this.bodyOnly('else', line);
    const word = this.nextSolid();
    if (word.text !== kind) throw errorAt(word.line, `{{else ${word.text}}} cannot follow {{${kind}}}`);
    return [this.nested(line, () => this.control(kind, word.line))];
  }

  private templateCall(line: number): TemplateNode {
    const name = this.templateName('template');
    if (this.peekSolid().kind === 'close') {
      this.nextSolid();
      return { kind: 'template', line, name, pipeline: undefined };
    }
    return { kind: 'template', line, name, pipeline: this.pipeline('template', 'close') };
  }

  private block(line: number): TemplateNode {
    const name = this.templateName('block');
    const pipeline = this.pipeline('block', 'close');
    this.define(
      name,
      this.isolated(() => this.bodyOnly('block', line)),
      line,
    );
    return { kind: 'template', line, name, pipeline };
  }

  private templateName(what: string): string {
    const token = this.nextSolid();
    if (token.kind !== 'string') throw errorAt(token.line, `{{${what}}} needs the template's name in quotes`);
    return literal(token, parseString);
  }

  private pipeline(what: string, end: TokenKind): Pipeline {
    const { line } = this.peekSolid();
    const { variables, assigns } = this.declarations(what);
    const commands: Command[] = [];
    for (let more = true; more;) {
      commands.push(this.command(what));
      more = this.peek().kind === 'pipe';
      if (more) this.take();
    }
    const closing = this.nextSolid();
    if (closing.kind !== end) throw unexpected(closing, what);
    const literalStage = commands.findIndex(([first], index) => index > 0 && LITERALS.has(first.kind));
    if (literalStage > 0) throw errorAt(line, `stage ${literalStage + 1} of the pipeline in ${what} is not a function`);
    return { line, variables, assigns, commands };
  }

  private declarations(what: string): { variables: string[]; assigns: boolean } {
    const variables: string[] = [];
    while (this.peekSolid().kind === 'variable') {
      const start = this.position;
      const variable = this.nextSolid();
      const next = this.peekSolid();
      if (next.kind === 'declare' || next.kind === 'assign') {
        this.nextSolid();
        this.addVariable(variables, variable.text);
        return { variables, assigns: next.kind === 'assign' };
      }
      if (next.kind !== 'comma') {
        if (variables.length === 0) this.position = start;
        if (variables.length === 0) break;
        throw errorAt(variable.line, `variables in ${what} need := or =`);
      }
      this.nextSolid();
      this.addVariable(variables, variable.text);
      if (what !== 'range' || variables.length > 1) throw errorAt(variable.line, `too many variables in ${what}`);
      if (this.peekSolid().kind !== 'variable') throw errorAt(variable.line, 'range declares variables only');
    }
    return { variables, assigns: false };
  }

  private addVariable(variables: string[], name: string): void {
    variables.push(name);
    this.variables.push(name);
  }

  private command(what: string): Command {
    const operands: Operand[] = [];
    for (let more = true; more;) {
      this.skipSpace();
      const operand = this.operand();
      if (operand) operands.push(operand);
      more = operand !== undefined && this.peek().kind === 'space';
    }
    const next = this.peekSolid();
    const [first, ...rest] = operands;
    if (!first) throw next.kind === 'close' ? errorAt(next.line, `${what} has no value`) : unexpected(next, what);
    return [first, ...rest];
  }

  private operand(): Operand | undefined {
    const term = this.term();
    if (!term) return undefined;
    const path: string[] = [];
    while (this.peek().kind === 'field') path.push(this.take().text.slice(1));
    if (path.length === 0) return term;
    if (LITERALS.has(term.kind)) throw errorAt(this.peek().line, `.${path.join('.')} cannot follow a literal`);
    if (term.kind === 'field' || term.kind === 'variable') return { ...term, path: [...term.path, ...path] };
    return { kind: 'chain', of: term, path };
  }

  private term(): Operand | undefined {
    const token = this.peek();
    switch (token.kind) {
      case 'word':
        return this.word();
      case 'dot':
        this.take();
        return { kind: 'dot' };
      case 'field':
        return { kind: 'field', path: [this.take().text.slice(1)] };
      case 'variable':
        return this.variable();
      case 'string':
        return { kind: 'string', value: literal(this.take(), parseString) };
      case 'number':
        return { kind: 'number', value: literal(this.take(), parseNumber) };
      case 'character':
        return { kind: 'number', value: character(this.take()) };
      case 'leftParen':
        this.take();
        return {
          kind: 'pipeline',
          pipeline: this.nested(token.line, () => this.pipeline('parentheses', 'rightParen')),
        };
      default:
        return undefined;
    }
  }

  private word(): Operand {
    const { text, line } = this.take();
    if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true' };
    if (text === 'nil') return { kind: 'nil' };
    if (KEYWORDS.has(text)) throw errorAt(line, `unexpected {{${text}}} in a command`);
    if (!this.isFunction(text)) throw errorAt(line, `there is no function ${text}`);
    return { kind: 'function', name: text };
  }

  private variable(): Operand {
    const { text, line } = this.take();
    if (!this.variables.includes(text)) throw errorAt(line, `variable ${text} is not defined`);
    return { kind: 'variable', name: text, path: [] };
  }

  private expectClose(what: string): void {
    const token = this.nextSolid();
    if (token.kind !== 'close') throw unexpected(token, `{{${what}}}`);
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '', line: 0 };
  }

  private take(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  private skipSpace(): void {
    while (this.peek().kind === 'space') this.position += 1;
  }

  private peekSolid(): Token {
    this.skipSpace();
    return this.peek();
  }

  private nextSolid(): Token {
    this.skipSpace();
    return this.take();
  }
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
]);

function character(token: Token): { integer: bigint; float: number; writtenAsFloat: boolean } {
  const code = literal(token, parseCharacter);
  return { integer: BigInt(code), float: code, writtenAsFloat: false };
}

function literal<T>(token: Token, parse: (text: string) => T): T {
  try {
    return parse(token.text);
  } catch (error) {
    throw error instanceof TemplateError ? errorAt(token.line, error.message) : error;
  }
}

function isBlank(nodes: readonly TemplateNode[]): boolean {
  return nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
}

function unexpected({ kind, text, line }: Token, where: string): TemplateError {
  return errorAt(
    line,
    kind === 'end' ? `the template ends within ${where}` : `unexpected ${JSON.stringify(text)} in ${where}`,
  );
}
