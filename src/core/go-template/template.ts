import { BUILTIN_FUNCTIONS } from './builtin-functions.ts';
import { DEFAULT_LIMITS, Evaluator, type TemplateLimits } from './evaluator.ts';
import type { GoValue } from './go-values.ts';
import { parseTemplate } from './parser.ts';
import { TemplateError } from './template-error.ts';
import type { FunctionTable } from './template-function.ts';

/** A parsed template that renders data to text. @throws TemplateError from either step */
export interface GoTemplate {
  render: (data: GoValue, functions?: FunctionTable) => string;
}

/** What a template may call and how much it may do. */
export interface TemplateOptions {
  functions?: FunctionTable;
  /** Functions that exist in Go but are refused here, with the reason. */
  refused?: Readonly<Record<string, string>>;
  limits?: Partial<TemplateLimits>;
}

/**
 * Reads a Go text/template once, for rendering many times. `functions` come on top of the language's own. Functions
 * that a render brings along replace those of the same name.
 * @throws TemplateError for text that is no template or calls what does not exist.
 */
export function compileGoTemplate(source: string, options: TemplateOptions = {}): GoTemplate {
  const { refused = {} } = options;
  const functions = table(BUILTIN_FUNCTIONS, options.functions);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const tree = parseTemplate(source, (name) => {
    if (functions[name]) return true;
    if (Object.hasOwn(refused, name)) throw new TemplateError(`function ${name} is not available: ${refused[name]}`);
    return false;
  });
  return {
    render: (data, own) => new Evaluator(tree, own ? table(functions, own) : functions, limits).run(data),
  };
}

/** Without a prototype, so that no name finds what an object inherits. */
function table(...tables: (FunctionTable | undefined)[]): FunctionTable {
  return Object.assign(Object.create(null) as Record<string, never>, ...tables) as FunctionTable;
}
