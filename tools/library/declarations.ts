import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path/posix';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  isolatedDeclarations: true,
};

/**
 * The declarations of modules and of what they name, by path below their folder. Only what is exported by the folder
 * itself can be named: else the types that others build on would change with every file of the program.
 */
export async function renderDeclarations(folder: string, entries: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (texts.has(path)) continue;
    const text = declarationsOf(path, await readFile(join(folder, path), 'utf8'));
    texts.set(path, text);
    open.push(...namedFiles(text).map((name) => join(dirname(path ?? ''), name)));
  }
  const outside = [...texts.keys()].filter((path) => path.startsWith('..'));
  if (outside.length > 0) throw new Error(`${folder}: public types name ${outside.join(', ')}: declare them there`);
  return new Map([...texts].map(([path, text]) => [renamed(path, '.d.ts'), withJsNames(text)]));
}

function declarationsOf(path: string, text: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    fileName: path,
    compilerOptions: OPTIONS,
    reportDiagnostics: true,
  });
  const [fault] = diagnostics;
  if (fault) throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(fault.messageText, '\n')}`);
  return outputText;
}

function namedFiles(text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text);
  return importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
}

function withJsNames(text: string): string {
  return text.replaceAll(/(from\s+|import\()(['"])(\.[^'"]+)\.ts\2/g, '$1$2$3.js$2');
}

function renamed(path: string, extension: string): string {
  return relative('.', path).replace(/\.ts$/, extension);
}
