import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { JsonObject } from '../../core/kube-object.ts';
import { formatProblem } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import { toManifestText } from '../../core/render/manifest-text.ts';
import { inApplyOrder } from '../../core/render/order.ts';
import { render } from '../../core/render/render.ts';
import { parseYamlObjects } from '../../core/values/yaml-input.ts';
import { fetchImageDefaults } from '../../operator/image-defaults.ts';
import { pickIstioOperator, type FileNotes } from './pick-istio-operator.ts';

const HELP = `Usage: sailwright manifest generate [-f FILE]... [options]

Prints the Kubernetes objects that IstioOperator resources ask for, in the order in which to apply them.

  -f, --filename FILE   IstioOperator to read, one in each file; later ones go on top; "-" is standard input
  -s, --set PATH=VALUE  set one field below spec, such as values.global.hub=example.com/istio
      --profile NAME    profile to start from, in place of spec.profile
      --upstream        exactly what Istio's own tool renders
      --force           render although validation found problems
  -h, --help            show this text

Environment: SAILWRIGHT_DEFAULT_HUB and SAILWRIGHT_DEFAULT_TAG replace the built-in image hub and tag.
`;

const OPTIONS = {
  filename: { type: 'string', short: 'f', multiple: true },
  set: { type: 'string', short: 's', multiple: true },
  profile: { type: 'string' },
  upstream: { type: 'boolean' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parseFlags(args: string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] | string {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** `sailwright manifest generate`: returns the exit code. */
export function runManifestGenerate(args: string[]): number {
  const flags = parseFlags(args);
  if (typeof flags === 'string') {
    process.stderr.write(`${flags}\nRun "sailwright manifest generate --help" for the options.\n`);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const notes: FileNotes = { warnings: [], problems: [] };
  const documents = (flags.filename ?? []).flatMap((file) => readDocument(file, notes));
  report(notes.warnings.map((warning) => `warning: ${warning}`));
  if (notes.problems.length > 0) return report(notes.problems);
  const result = render(
    { documents, setFlags: flags.set ?? [], ...(flags.profile === undefined ? {} : { profile: flags.profile }) },
    {
      form: flags.upstream ? 'upstream' : 'sailwright',
      defaults: fetchImageDefaults(process.env),
      force: flags.force ?? false,
    },
  );
  report(result.warnings.map((warning) => `warning: ${formatProblem(warning)}`));
  if (!result.ok) return report(result.problems.map(formatProblem));
  process.stdout.write(toManifestText(inApplyOrder(result.value.components.flatMap((component) => component.objects))));
  return 0;
}

function report(lines: string[]): number {
  for (const line of new Set(lines)) process.stderr.write(`${line.replaceAll('\n', ' ')}\n`);
  return 1;
}

/** The IstioOperator in a file; what there is to say of the file is added to the notes. */
export function readDocument(file: string, notes: FileNotes): JsonObject[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    notes.problems.push(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
  const found: Problem[] = [];
  const documents = parseYamlObjects(text, found);
  notes.problems.push(...found.map((problem) => `${file}: ${formatProblem(problem)}`));
  return pickIstioOperator(file, documents, notes);
}
