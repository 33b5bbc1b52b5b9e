import { convertArgument } from './convert-argument.ts';
import {
  GoInteger,
  GoList,
  GoMap,
  integer,
  isStruct,
  isTrue,
  sortedEntries,
  typeName,
  type GoValue,
} from './go-values.ts';
import { goText, MAX_TEXT, printed } from './print-value.ts';
import type { Command, Operand, Pipeline, SyntaxTree, TemplateNode } from './syntax-tree.ts';
import { errorAt, refusalAt, TemplateError, TemplateRefusal } from './template-error.ts';
import type { FunctionTable, ParameterType, TemplateFunction } from './template-function.ts';
import type { WorkMeter } from '../work-meter.ts';

/** How much a template may do. */
export interface TemplateLimits {
  /** Nodes, commands and pieces of text that are worked on. */
  steps: number;
  /** Characters of the result. */
  output: number;
  /** Templates that call each other. */
  depth: number;
  /** Shared by all that one judgement renders; a step is a unit. */
  meter?: WorkMeter;
}

export const DEFAULT_LIMITS: TemplateLimits = { steps: 500_000, output: MAX_TEXT, depth: 100 };

/** No argument from an earlier stage of a pipeline. */
const ABSENT = Symbol('absent');
type Piped = GoValue | typeof ABSENT;
/** Characters that cost as much as one step. */
const CHARACTERS_A_STEP = 64;
type Exit = 'break' | 'continue' | undefined;

/** Runs a parsed template on data. @throws TemplateError that names the line, TooMuchWork by the meter */
export class Evaluator {
  private readonly tree: SyntaxTree;
  private readonly functions: FunctionTable;
  private readonly limits: TemplateLimits;
  private readonly parts: string[] = [];
  private written = 0;
  private steps = 0;
  private depth = 0;
  private line = 1;
  private variables: { name: string; value: GoValue }[] = [];

  constructor(tree: SyntaxTree, functions: FunctionTable, limits: TemplateLimits) {
    this.tree = tree;
    this.functions = functions;
    this.limits = limits;
  }

  run(data: GoValue): string {
    this.variables = [{ name: '$', value: data }];
    this.walkAll(this.tree.root, data);
    return this.parts.join('');
  }

  private walkAll(nodes: readonly TemplateNode[], dot: GoValue): Exit {
    for (const node of nodes) {
      const exit = this.walk(node, dot);
      if (exit !== undefined) return exit;
    }
    return undefined;
  }

  private walk(node: TemplateNode, dot: GoValue): Exit {
    this.charge(1);
    switch (node.kind) {
      case 'text':
        this.write(node.text);
        return undefined;
      case 'action':
        this.action(node.pipeline, dot);
        return undefined;
      case 'template':
        this.callTemplate(node, dot);
        return undefined;
      case 'if':
      case 'with':
        return this.scoped(() => this.choose(node, dot));
      case 'range':
        return this.scoped(() => this.range(node, dot));
      default:
        return node.kind;
    }
  }

  private action(pipeline: Pipeline, dot: GoValue): void {
    const value = this.pipeline(pipeline, dot);
    if (pipeline.variables.length === 0) this.write(this.located(() => printed(value)));
  }

  private choose(node: TemplateNode & { kind: 'if' | 'with' | 'range' }, dot: GoValue): Exit {
    const value = this.pipeline(node.pipeline, dot);
    if (isTrue(value)) return this.walkAll(node.body, node.kind === 'with' ? value : dot);
    return node.otherwise ? this.walkAll(node.otherwise, dot) : undefined;
  }

  private range(node: TemplateNode & { kind: 'if' | 'with' | 'range' }, dot: GoValue): Exit {
    const { pipeline, body, otherwise } = node;
    const value = this.pipeline(pipeline, dot);
    const mark = this.variables.length;
    let empty = true;
    for (const [key, item] of this.elements(value, pipeline)) {
      empty = false;
      this.charge(1);
      this.setRangeVariables(pipeline, key, item);
      const exit = this.walkAll(body, item);
      this.variables.length = mark;
      if (exit === 'break') break;
    }
    return empty && otherwise ? this.walkAll(otherwise, dot) : undefined;
  }

  private elements(value: GoValue, { variables }: Pipeline): Iterable<[GoValue, GoValue]> {
    if (value === undefined || value === null || (isStruct(value) && value.isNil)) return [];
    if (value instanceof GoMap) return sortedEntries(value);
    if (value instanceof GoList) return value.items.map((item, index): [GoValue, GoValue] => [integer(index), item]);
    if (!(value instanceof GoInteger))
      throw errorAt(this.line, `range needs a list, a map or an integer, got ${this.shown(value)}`);
    if (variables.length > 1) throw errorAt(this.line, 'range over an integer takes one variable');
    return counted(value);
  }

  private shown(value: GoValue): string {
    const text = goText(value);
    return `${typeName(value)} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
  }

  private setRangeVariables({ variables, assigns }: Pipeline, key: GoValue, item: GoValue): void {
    const [first, second] = variables;
    if (first === undefined) return;
    this.setVariable(first, second === undefined ? item : key, assigns);
    if (second !== undefined) this.setVariable(second, item, assigns);
  }

  private callTemplate(node: TemplateNode & { kind: 'template' }, dot: GoValue): void {
    const nodes = this.tree.defined.get(node.name);
    if (!nodes) throw errorAt(node.line, `template ${JSON.stringify(node.name)} is not defined`);
    if (this.depth >= this.limits.depth)
      throw errorAt(node.line, `templates call each other deeper than ${this.limits.depth}`);
    const data = node.pipeline ? this.pipeline(node.pipeline, dot) : undefined;
    const { variables } = this;
    this.variables = [{ name: '$', value: data }];
    this.depth += 1;
    this.walkAll(nodes, data);
    this.depth -= 1;
    this.variables = variables;
  }

  /** Variables that the block declares end with it. */
  private scoped(walk: () => Exit): Exit {
    const mark = this.variables.length;
    const exit = walk();
    this.variables.length = mark;
    return exit;
  }

  private pipeline({ line, variables, assigns, commands }: Pipeline, dot: GoValue): GoValue {
    this.line = line;
    let value: Piped = ABSENT;
    for (const command of commands) value = this.command(command, dot, value) ?? undefined;
    const result = value === ABSENT ? undefined : value;
    for (const name of variables) this.setVariable(name, result, assigns);
    return result;
  }

  private setVariable(name: string, value: GoValue, assigns: boolean): void {
    if (assigns) this.findVariable(name).value = value;
    else this.variables.push({ name, value });
  }

  private findVariable(name: string): { value: GoValue } {
    const variable = this.variables.findLast((known) => known.name === name);
    if (!variable) throw errorAt(this.line, `variable ${name} is not defined`);
    return variable;
  }

  private command(command: Command, dot: GoValue, piped: Piped): GoValue {
    this.charge(1);
    const [first, ...args] = command;
    switch (first.kind) {
      case 'function':
        return this.callFunction(first.name, args, dot, piped);
      case 'field':
      case 'variable':
      case 'chain':
        return this.fieldCommand(first, args, dot, piped);
      case 'nil':
        throw errorAt(this.line, 'nil is not a command');
      default:
        if (args.length > 0 || piped !== ABSENT)
          throw errorAt(this.line, 'a value that is no function takes no arguments');
        return this.value(first, dot);
    }
  }

  private fieldCommand(first: Operand, args: readonly Operand[], dot: GoValue, piped: Piped): GoValue {
    if (args.length > 0 || piped !== ABSENT) throw errorAt(this.line, 'a field takes no arguments');
    return this.value(first, dot);
  }

  private value(operand: Operand, dot: GoValue): GoValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'boolean':
      case 'string':
        return operand.value;
      case 'number':
        return this.number(operand.value);
      case 'function':
        return this.callFunction(operand.name, [], dot, ABSENT);
      case 'field':
        return this.fields(dot, operand.path);
      case 'variable':
        return this.fields(this.findVariable(operand.name).value, operand.path);
      case 'pipeline':
        return this.pipeline(operand.pipeline, dot);
      case 'chain':
        return this.fields(this.value(operand.of, dot), operand.path);
    }
  }

  private number({ integer: exact, float, writtenAsFloat }: (Operand & { kind: 'number' })['value']): GoValue {
    return writtenAsFloat || exact === undefined ? float : integer(exact);
  }

  private fields(start: GoValue, path: readonly string[]): GoValue {
    return path.reduce((value, name) => this.field(value, name), start);
  }

  private field(value: GoValue, name: string): GoValue {
    if (value === undefined) return undefined;
    if (value instanceof GoMap) return value.entries.get(name);
    if (value === null) throw errorAt(this.line, `.${name} of a value that is null`);
    if (!isStruct(value)) throw errorAt(this.line, `${typeName(value)} has no field ${name}`);
    const method = value.method(name);
    if (method) return method();
    if (value.isNil) throw errorAt(this.line, `.${name} of an unset ${value.type}`);
    const field = value.field(name);
    if (!field) throw errorAt(this.line, `${value.type} has no field ${name}`);
    return field.value;
  }

  private callFunction(name: string, args: readonly Operand[], dot: GoValue, piped: Piped): GoValue {
    if (name === 'and' || name === 'or') return this.logic(name, args, dot, piped);
    const declared = this.functions[name];
    if (!declared) throw errorAt(this.line, `there is no function ${name}`);
    const given = args.length + (piped === ABSENT ? 0 : 1);
    this.checkCount(name, declared, given);
    const values = args.map((operand, index) => this.argument(operand, dot, parameterAt(declared, index), name));
    if (piped !== ABSENT) values.push(this.converted(piped, parameterAt(declared, args.length), name));
    this.chargeTexts(values);
    const result = this.located(() => declared.call(values), name);
    this.chargeTexts([result]);
    return result;
  }

  private checkCount(name: string, { parameters, rest }: TemplateFunction, given: number): void {
    const wanted = parameters.length;
    if (rest === undefined ? given === wanted : given >= wanted) return;
    const count = `${rest === undefined ? '' : 'at least '}${wanted} argument${wanted === 1 ? '' : 's'}`;
    throw errorAt(this.line, `${name} takes ${count}, got ${given}`);
  }

  private logic(name: 'and' | 'or', args: readonly Operand[], dot: GoValue, piped: Piped): GoValue {
    if (args.length === 0 && piped === ABSENT) throw errorAt(this.line, `${name} takes at least 1 argument`);
    let value: GoValue;
    for (const operand of args) {
      value = this.value(operand, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped === ABSENT ? value : piped;
  }

  private argument(operand: Operand, dot: GoValue, type: ParameterType, name: string): GoValue {
    if (operand.kind === 'number' && type === 'int' && operand.value.integer !== undefined)
      return Number(operand.value.integer);
    if (operand.kind === 'number' && type === 'float') return operand.value.float;
    const isNil = operand.kind === 'nil';
    return this.converted(isNil ? undefined : this.value(operand, dot), type, name);
  }

  private converted(value: GoValue, type: ParameterType, name: string): GoValue {
    return this.located(() => convertArgument(value, type), name);
  }

  /** Adds the line and the function to an error from within. */
  private located<T>(work: () => T, name?: string): T {
    try {
      return work();
    } catch (error) {
      const cause = error instanceof RangeError ? 'a value is too large or contains itself' : undefined;
      if (cause === undefined && !(error instanceof TemplateError)) throw error;
      const message = cause ?? (error as TemplateError).message;
      const located = name === undefined ? message : `${name}: ${message}`;
      throw error instanceof TemplateRefusal ? refusalAt(this.line, located) : errorAt(this.line, located);
    }
  }

  private write(text: string): void {
    this.written += text.length;
    if (this.written > this.limits.output)
      throw errorAt(this.line, `the result is longer than ${this.limits.output} characters`);
    this.parts.push(text);
  }

  private chargeTexts(values: readonly GoValue[]): void {
    for (const value of values) this.chargeValue(value);
  }

  private chargeValue(value: GoValue): void {
    if (typeof value === 'string') {
      if (value.length > this.limits.output)
        throw errorAt(this.line, `a text is longer than ${this.limits.output} characters`);
      this.charge(value.length / CHARACTERS_A_STEP);
    } else if (value instanceof GoList) this.charge(value.items.length);
    else if (value instanceof GoMap) this.charge(value.entries.size);
  }

  private charge(steps: number): void {
    this.steps += steps;
    this.limits.meter?.spend(steps);
    if (this.steps > this.limits.steps)
      throw errorAt(this.line, `the template does more than ${this.limits.steps} steps`);
  }
}

function parameterAt({ parameters, rest }: TemplateFunction, index: number): ParameterType {
  return parameters[index] ?? rest ?? 'any';
}

function* counted({ value, type }: GoInteger): Iterable<[GoValue, GoValue]> {
  for (let at = 0n; at < value; at += 1n) yield [undefined, new GoInteger(at, type)];
}
