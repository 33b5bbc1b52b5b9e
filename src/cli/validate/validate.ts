import { isIstioOperator } from '../../core/judge/is-istio-operator.ts';
import type { JudgedBy } from '../../core/judge/judge-document.ts';
import { judgeResource, type Judgement } from '../../core/judge/judge-resource.ts';
import type { JsonObject } from '../../core/kube-object.ts';
import type { Finding } from '../../core/validate/finding.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import { readObjects, type FileObject } from '../files/read-documents.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import { parseIstioVersion } from '../shell/istio-version.ts';
import { toStructuredStream } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { VALIDATE_OPTIONS } from './options.ts';

/** A resource with its place and what is said of it. */
interface Judged extends Judgement {
  source: FileObject;
  errors: Finding[];
  warnings: Finding[];
}

/** `sailwright validate`: the exit code. */
export async function runValidate({ flags, operands }: Call<typeof VALIDATE_OPTIONS>, io: Io): Promise<number> {
  const { filename, namespace = 'default', output } = flags;
  const files = [...filename, ...operands];
  if (files.length === 0) throw new UsageError('no file is named: use -f PATH');
  const { istioVersion } = flags;
  const asked = istioVersion === undefined ? {} : { asked: istioVersion };
  const by = {
    defaultNamespace: namespace,
    release: parseIstioVersion(istioVersion),
    defaults: readImageDefaults(io.env),
    ...asked,
  };
  const { objects, problems, notes } = readObjects(files);
  const judgeValue = await loadJudge(objects);
  const judged = objects.flatMap((source) => judge(source, judgeValue(source.value, by)));
  io.out(
    output === 'text'
      ? judged.flatMap((one) => textLines(one).map((line) => `${line}\n`)).join('')
      : toStructuredStream(judged.map(toVerdict), output),
  );
  report(io, { notes, problems });
  if (output === 'text') io.out(`${summaryOf(judged, objects.length)}\n`);
  if (problems.length > 0) return 2;
  return judged.some(({ errors }) => errors.length > 0) ? 1 : 0;
}

/** What judges IstioOperators renders them: it is only loaded where there is one. */
async function loadJudge(
  objects: readonly FileObject[],
): Promise<(object: JsonObject, by: JudgedBy) => Judgement | undefined> {
  if (!objects.some(({ value }) => isIstioOperator(value))) return judgeResource;
  return (await import('../../core/judge/judge-document.ts')).judgeDocument;
}

function judge(source: FileObject, judgement: Judgement | undefined): Judged[] {
  if (!judgement) return [];
  const of = (wanted: Finding['severity']): Finding[] =>
    judgement.findings.filter(({ severity }) => severity === wanted);
  return [{ ...judgement, source, errors: of('error'), warnings: of('warning') }];
}

function toVerdict({ source, kind, namespace, name, errors, warnings }: Judged): JsonObject {
  const { file, index } = source;
  const entry = ({ path, code, message }: Finding): JsonObject => ({ path, code, message, line: source.lineOf(path) });
  return { file, index, kind, namespace, name, errors: errors.map(entry), warnings: warnings.map(entry) };
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
