import ts from 'typescript';

/** A rule that can be switched off: where its body begins, and what it answers when it finds nothing. */
export interface Rule {
  name: string;
  /** Offset in the source, right behind the brace that opens the body, or of the expression that is the body. */
  start: number;
  end: number;
  replacement: string;
}

/** Functions that say what is wrong; what they are called is the convention of the code. */
const RULE_NAME = /^(check|validate|find|advise|warn|judge)[A-Z]/;

/** The rules of a source file: functions by name, and the `analyze` of analyzers. */
export function findRules(source: string, fileName: string): Rule[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const rules: Rule[] = [];
  const visit = (node: ts.Node): void => {
    const rule = ts.isFunctionDeclaration(node) ? ruleOfFunction(node, file) : ruleOfAnalyzer(node, file);
    if (rule) rules.push(rule);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return rules;
}

function ruleOfFunction({ name, body, type }: ts.FunctionDeclaration, file: ts.SourceFile): Rule | undefined {
  if (!name || !body || !type || !RULE_NAME.test(name.text)) return undefined;
  const nothing = nothingOf(type.getText(file));
  if (nothing === undefined) return undefined;
  const start = body.getStart(file) + 1;
  return { name: name.text, start, end: start, replacement: ` return ${nothing};` };
}

/** The answer that stands for "nothing is wrong", by the type of the result; undefined for other functions. */
function nothingOf(type: string): string | undefined {
  if (type === 'void') return '';
  if (type === 'boolean') return 'true';
  if (type.endsWith('| undefined')) return 'undefined';
  if (type.endsWith('[]')) return '[]';
  return undefined;
}

function ruleOfAnalyzer(node: ts.Node, file: ts.SourceFile): Rule | undefined {
  if (!ts.isVariableDeclaration(node) || node.type?.getText(file) !== 'Analyzer') return undefined;
  if (!node.initializer || !ts.isObjectLiteralExpression(node.initializer)) return undefined;
  const analyze = node.initializer.properties.find((each) => each.name?.getText(file) === 'analyze');
  if (!analyze) return undefined;
  const [start, end] = [analyze.getStart(file), analyze.getEnd()];
  return { name: node.name.getText(file), start, end, replacement: 'analyze: () => []' };
}
