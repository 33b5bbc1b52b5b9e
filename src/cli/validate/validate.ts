import { parseArgs } from 'node:util';
import type { JsonObject } from '../../core/kube-object.ts';
import type { Finding } from '../../core/validate/finding.ts';
import { judgeDocument, type Judgement } from './judge-document.ts';
import { readObjects, type FileObject } from '../files/read-documents.ts';
import { UsageError } from '../shell/usage-error.ts';

const HELP = `Usage: sailwright validate -f PATH... [options]

Tells what a cluster says when Istio's resources and IstioOperators in files and directories ("-" is standard input) are
applied: by the definitions of the kinds, and by the webhooks. Objects of other kinds are passed over.

  -f, --filename PATH        file or directory to read; may be repeated
  -n, --namespace NAMESPACE  where objects without one belong (default)
  -o, --output FORMAT        text or json (text)
  -h, --help                 show this text

Exit code: 0 no errors, 1 errors, 2 trouble.
`;

const OPTIONS = {
  filename: { type: 'string', short: 'f', multiple: true },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `sailwright validate`: returns the exit code. */
export function runValidate(args: string[]): Promise<number> {
  try {
    return Promise.resolve(validate(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nRun "sailwright validate --help" for the options.\n`);
    return Promise.resolve(2);
  }
}

/** A resource with its place and what is said of it. */
interface Judged extends Judgement {
  source: FileObject;
  errors: Finding[];
  warnings: Finding[];
}

function validate(args: string[]): number {
  const { help, filename = [], namespace = 'default', output = 'text', paths } = parseFlags(args);
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const files = [...filename, ...paths];
  if (files.length === 0) throw new UsageError('no file is named: use -f PATH');
  const { objects, problems, notes } = readObjects(files);
  const judged = objects.flatMap((source) => judge(source, namespace));
  const lines = judged.flatMap(output === 'json' ? jsonLines : textLines);
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  for (const line of [...notes, ...problems]) process.stderr.write(`${line}\n`);
  if (output === 'text') process.stdout.write(`${summaryOf(judged, objects.length)}\n`);
  if (problems.length > 0) return 2;
  return judged.some(({ errors }) => errors.length > 0) ? 1 : 0;
}

function parseFlags(
  args: string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] & { paths: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    if (!['text', 'json'].includes(values.output ?? 'text')) throw new UsageError('--output takes text or json');
    return { ...values, paths: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function judge(source: FileObject, defaultNamespace: string): Judged[] {
  const judgement = judgeDocument(source.value, defaultNamespace);
  if (!judgement) return [];
  const of = (wanted: Finding['severity']): Finding[] =>
    judgement.findings.filter(({ severity }) => severity === wanted);
  return [{ ...judgement, source, errors: of('error'), warnings: of('warning') }];
}

function jsonLines({ source, kind, namespace, name, errors, warnings }: Judged): string[] {
  const { file, index } = source;
  const entry = ({ path, code, message }: Finding): JsonObject => ({ path, code, message, line: source.lineOf(path) });
  const line = { file, index, kind, namespace, name, errors: errors.map(entry), warnings: warnings.map(entry) };
  return [JSON.stringify(line)];
}

function textLines({ source, kind, namespace, name, errors, warnings }: Judged): string[] {
  return [...errors, ...warnings].map(({ severity, path, message, code }) => {
    const place = `${source.file}:${source.lineOf(path)}`;
    return `${place}: ${severity}: ${kind} ${namespace}/${name}: ${path === '' ? '' : `${path}: `}${message} [${code}]`;
  });
}

function summaryOf(judged: readonly Judged[], read: number): string {
  const count = (pick: (one: Judged) => number): number => judged.reduce((sum, one) => sum + pick(one), 0);
  const errors = count((one) => one.errors.length);
  const warnings = count((one) => one.warnings.length);
  const others = read - judged.length;
  return `resources: ${judged.length}, errors: ${errors}, warnings: ${warnings}, objects of other kinds: ${others}`;
}
