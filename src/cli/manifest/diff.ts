import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { toDiffText, type DiffStyle } from '../../core/diff/diff-text.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import { isColoured } from '../shell/colour.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import { parseIstioVersion } from '../shell/istio-version.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { Comparison } from './comparison.ts';
import type { DIFF_OPTIONS } from './diff-options.ts';
import { compareFiles } from './diff-files.ts';

type Flags = Call<typeof DIFF_OPTIONS>['flags'];

const FILE_WORDS: DiffStyle['words'] = {
  create: 'only in the second:',
  change: 'differs:',
  recreate: 'differs:',
  prune: 'only in the first:',
};
const LIVE_WORDS: DiffStyle['words'] = {
  create: 'to create:',
  change: 'to change:',
  recreate: 'to make anew:',
  prune: 'to remove:',
};

/** `sailwright manifest diff`: the exit code. */
export async function runManifestDiff({ flags, operands }: Call<typeof DIFF_OPTIONS>, io: Io): Promise<number> {
  const { istioVersion } = flags;
  // One that is not known is told before anything is read.
  parseIstioVersion(istioVersion);
  const misuse = findMisuse(flags, operands);
  if (misuse !== undefined) throw new UsageError(misuse);
  const asked = istioVersion === undefined ? {} : { istioVersion };
  const defaults = readImageDefaults(io.env);
  const [a, b] = operands;
  if (a !== undefined && b !== undefined) {
    const comparison = compareFiles(a, b, { form: flags.upstream ? 'upstream' : 'sailwright', defaults, ...asked });
    return show(comparison, { before: a, after: b, words: FILE_WORDS, ...shownAs(flags, io) }, io);
  }
  // The client of the API server takes long to load, and files need none.
  const { compareWithCluster } = await import('./diff-live.ts');
  const { filename: files, set: setFlags, profile, showForeign } = flags;
  const input = { files, setFlags, profile, defaults, cluster: flags, showForeign, ...asked };
  const comparison = await compareWithCluster(input);
  return show(comparison, { before: 'live', after: files.join(' + '), words: LIVE_WORDS, ...shownAs(flags, io) }, io);
}

/** The first rule that the flags break. */
function findMisuse(flags: Flags, operands: readonly string[]): string | undefined {
  return flags.filename.length > 0 ? findLiveMisuse(flags, operands) : findFileMisuse(flags, operands);
}

function findLiveMisuse({ upstream }: Flags, operands: readonly string[]): string | undefined {
  if (operands.length > 0) return `-f stands alone, without ${operands.join(' and ')}`;
  return upstream ? '--upstream goes with two files only: the operator applies its own form' : undefined;
}

function findFileMisuse(flags: Flags, operands: readonly string[]): string | undefined {
  if (operands.length !== 2) return `two files are needed, or -f; there are ${operands.length}`;
  if (operands.every((file) => file === '-')) return 'standard input can be read once only';
  const given: Record<string, boolean> = {
    '--set': flags.set.length > 0,
    '--profile': flags.profile !== undefined,
    '--kubeconfig': flags.kubeconfig !== undefined,
    '--context': flags.context !== undefined,
    '--show-foreign': flags.showForeign,
  };
  const flag = Object.keys(given).find((name) => given[name]);
  return flag && `${flag} goes with -f only`;
}

function shownAs({ color, newObjects }: Flags, io: Io): Pick<DiffStyle, 'colour' | 'whole'> {
  return { colour: isColoured(color, io), whole: newObjects };
}

function show({ differences, same, foreign, warnings, problems }: Comparison, style: DiffStyle, io: Io): number {
  io.out(toDiffText(differences, style));
  io.out((foreign ?? []).map((line) => `foreign: ${line}\n`).join(''));
  report(io, { warnings, problems });
  if (problems.length > 0) return 2;
  const count = (change: ObjectDiff['change']): number => differences.filter((found) => found.change === change).length;
  const counts = (['create', 'change', 'recreate', 'prune'] as const)
    .filter((change) => count(change) > 0)
    .map((change) => `${style.words[change].replace(/:$/, '')} ${count(change)}`);
  io.err(
    `${[...counts, `no difference ${same}`, ...(foreign ? [`foreign fields ${foreign.length}`] : [])].join(', ')}\n`,
  );
  return differences.length > 0 ? 1 : 0;
}
