import type { NumberLiteral } from './literals.ts';

/** A value or function name within a command. */
export type Operand =
  | { kind: 'dot' | 'nil' }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'number'; value: NumberLiteral }
  | { kind: 'string'; value: string }
  | { kind: 'function'; name: string }
  | { kind: 'field'; path: readonly string[] }
  | { kind: 'variable'; name: string; path: readonly string[] }
  | { kind: 'pipeline'; pipeline: Pipeline }
  | { kind: 'chain'; of: Operand; path: readonly string[] };

/** A function or value with its arguments. */
export type Command = readonly [Operand, ...Operand[]];

/** Commands that hand their results on, and the variables that take the last one. */
export interface Pipeline {
  line: number;
  variables: readonly string[];
  /** `=` instead of `:=`. */
  assigns: boolean;
  commands: readonly Command[];
}

/** A part of a template. */
export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'action'; pipeline: Pipeline }
  | { kind: 'if' | 'with' | 'range'; pipeline: Pipeline; body: TemplateNode[]; otherwise: TemplateNode[] | undefined }
  | { kind: 'template'; line: number; name: string; pipeline: Pipeline | undefined }
  | { kind: 'break' | 'continue' };

/** A parsed template: its own nodes and those that it defines by name. */
export interface SyntaxTree {
  root: readonly TemplateNode[];
  defined: ReadonlyMap<string, readonly TemplateNode[]>;
}
