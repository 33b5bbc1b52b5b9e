import { parseArgs } from 'node:util';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { toDiffText, type DiffStyle } from '../../core/diff/diff-text.ts';
import type { Comparison } from './comparison.ts';
import { compareFiles } from './diff-files.ts';

const HELP = `Usage: sailwright manifest diff A B [options]
       sailwright manifest diff -f FILE [options]

With two files: compares the manifests. A file with an IstioOperator is rendered first; one with other objects is taken
as it is. "-" is standard input.

With -f: compares what the operator would apply with what is in the cluster, by dry runs on the API server. Fields of
other managers are left out: replicas of an autoscaler, caBundle, defaults. Nothing is written.

  -f, --filename FILE    IstioOperator to read, one in each file; later ones go on top
  -s, --set PATH=VALUE   with -f: set one field below spec
      --profile NAME     with -f: profile to start from, in place of spec.profile
      --kubeconfig PATH  with -f: how to reach the cluster, in place of KUBECONFIG and ~/.kube/config
      --upstream         with two files: render as Istio's own tool does
      --show-foreign     with -f: name the fields of our objects that others set; they are left as they are
  -N, --new-objects      show the whole text of objects that only one side has
      --color WHEN       always, never or auto (on a terminal, unless NO_COLOR is set); auto unless told
  -h, --help             show this text

Exit code: 0 no difference, 1 differences, 2 trouble.
`;

const OPTIONS = {
  filename: { type: 'string', short: 'f', multiple: true },
  set: { type: 'string', short: 's', multiple: true },
  profile: { type: 'string' },
  kubeconfig: { type: 'string' },
  upstream: { type: 'boolean' },
  'show-foreign': { type: 'boolean' },
  'new-objects': { type: 'boolean', short: 'N' },
  color: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;

const COLOUR_WHEN = new Set(['always', 'never', 'auto']);
const FILE_WORDS: DiffStyle['words'] = {
  create: 'only in the second:',
  change: 'differs:',
  prune: 'only in the first:',
};
const LIVE_WORDS: DiffStyle['words'] = { create: 'to create:', change: 'to change:', prune: 'to remove:' };

/** `sailwright manifest diff`: returns the exit code. */
export async function runManifestDiff(args: string[]): Promise<number> {
  const flags = parseFlags(args);
  if (typeof flags === 'string') return refuse(flags);
  if (flags.values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const wrong = findMisuse(flags);
  if (wrong !== undefined) return refuse(wrong);
  const [a, b] = flags.positionals;
  const { values } = flags;
  if (a !== undefined && b !== undefined) {
    const comparison = compareFiles(a, b, values.upstream ? 'upstream' : 'sailwright');
    return report(comparison, { before: a, after: b, words: FILE_WORDS, ...shownAs(flags) });
  }
  // The client of the API server takes long to load, and files need none.
  const { compareWithCluster } = await import('./diff-live.ts');
  const files = values.filename ?? [];
  const comparison = await compareWithCluster({
    files,
    setFlags: values.set ?? [],
    ...(values.profile === undefined ? {} : { profile: values.profile }),
    ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
    showForeign: values['show-foreign'] ?? false,
  });
  return report(comparison, { before: 'live', after: files.join(' + '), words: LIVE_WORDS, ...shownAs(flags) });
}

function parseFlags(args: string[]): Flags | string {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first rule that the flags break. */
function findMisuse({ positionals, values }: Flags): string | undefined {
  const live = (values.filename ?? []).length > 0;
  const rules = live ? findLiveMisuse(positionals, values) : findFileMisuse(positionals, values);
  return rules ?? (COLOUR_WHEN.has(values.color ?? 'auto') ? undefined : '--color takes always, never or auto');
}

function findLiveMisuse(positionals: readonly string[], values: Flags['values']): string | undefined {
  if (positionals.length > 0) return `-f stands alone, without ${positionals.join(' and ')}`;
  return values.upstream ? '--upstream goes with two files only: the operator applies its own form' : undefined;
}

function findFileMisuse(positionals: readonly string[], values: Flags['values']): string | undefined {
  if (positionals.length !== 2) return `two files are needed, or -f; there are ${positionals.length}`;
  if (positionals.every((file) => file === '-')) return 'standard input can be read once only';
  const [flag] = (['set', 'profile', 'kubeconfig', 'show-foreign'] as const).filter(
    (name) => values[name] !== undefined,
  );
  return flag && `--${flag} goes with -f only`;
}

function refuse(message: string): number {
  process.stderr.write(`${message}\nRun "sailwright manifest diff --help" for the options.\n`);
  return 2;
}

function shownAs({ values }: Flags): Pick<DiffStyle, 'colour' | 'whole'> {
  const { color = 'auto' } = values;
  const { NO_COLOR, TERM } = process.env;
  const wanted = process.stdout.isTTY && !NO_COLOR && TERM !== 'dumb';
  return { colour: color === 'auto' ? wanted : color === 'always', whole: values['new-objects'] ?? false };
}

function report({ differences, same, foreign, warnings, problems }: Comparison, style: DiffStyle): number {
  process.stdout.write(toDiffText(differences, style));
  process.stdout.write((foreign ?? []).map((line) => `foreign: ${line}\n`).join(''));
  const lines = [...warnings.map((warning) => `warning: ${warning}`), ...problems];
  for (const line of new Set(lines)) process.stderr.write(`${line.replaceAll('\n', ' ')}\n`);
  if (problems.length > 0) return 2;
  const count = (change: ObjectDiff['change']): number => differences.filter((found) => found.change === change).length;
  const counts = (['create', 'change', 'prune'] as const)
    .filter((change) => count(change) > 0)
    .map((change) => `${style.words[change].replace(/:$/, '')} ${count(change)}`);
  process.stderr.write(
    `${[...counts, `no difference ${same}`, ...(foreign ? [`foreign fields ${foreign.length}`] : [])].join(', ')}\n`,
  );
  return differences.length > 0 ? 1 : 0;
}
