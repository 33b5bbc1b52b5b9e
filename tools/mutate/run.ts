// `npm run mutate`: switches one rule of validation or analysis off at a time, and tells which ones no case notices.
import { context, type BuildContext } from 'esbuild';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findRules, type Rule } from './find-rules.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDERS = ['src/core/validate', 'src/core/analyze'];
const CASES = join(ROOT, 'test', 'cases');
const USAGE = `Usage: npm run mutate -- [--since COMMIT] [--at-most COUNT] [FILE...]

  --since COMMIT    only files that differ from this commit
  --at-most COUNT   no more rules than this; the others are left to a run without it

Fails when a rule can be switched off unnoticed.
`;

interface Mutant {
  file: string;
  rule: Rule;
}

/** Builds the cases with one file replaced; the rest of the program is built once. */
class Bundle {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sailwright-mutate-'));
  #replaced: { path: string; source: string } | undefined;
  #context: BuildContext | undefined;

  get program(): string {
    return join(this.#folder, 'cases.mjs');
  }

  async build(replaced?: { path: string; source: string }): Promise<void> {
    this.#replaced = replaced;
    this.#context ??= await context({
      entryPoints: [join(ROOT, 'tools/mutate/run-cases.ts')],
      outfile: this.program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'silent',
      alias: { yaml: join(ROOT, 'node_modules/yaml/browser/index.js') },
      plugins: [
        { name: 'mutant', setup: (build) => build.onLoad({ filter: /\.ts$/ }, ({ path }) => this.#load(path)) },
      ],
    });
    await this.#context.rebuild();
  }

  #load(path: string): { contents: string; loader: 'ts' } | undefined {
    return path === this.#replaced?.path ? { contents: this.#replaced.source, loader: 'ts' } : undefined;
  }

  async close(): Promise<void> {
    await this.#context?.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function listFiles(since: string | undefined, named: readonly string[]): string[] {
  const all = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ).filter((name) => /\.ts$/.test(name) && !/\.(test|generated)\.ts$/.test(name));
  const wanted = named.length > 0 ? new Set(named) : since === undefined ? undefined : changedSince(since);
  return all.filter((name) => wanted?.has(name) ?? true).sort();
}

function changedSince(commit: string): Set<string> {
  const text = execFileSync('git', ['diff', '--name-only', commit], { cwd: ROOT, encoding: 'utf8' });
  return new Set(text.split('\n'));
}

function listMutants(files: readonly string[]): Mutant[] {
  return files.flatMap((file) =>
    findRules(readFileSync(join(ROOT, file), 'utf8'), file).map((rule) => ({ file, rule })),
  );
}

function switchOff({ file, rule }: Mutant): { path: string; source: string } {
  const path = resolve(ROOT, file);
  const source = readFileSync(path, 'utf8');
  return { path, source: source.slice(0, rule.start) + rule.replacement + source.slice(rule.end) };
}

function textOf({ file, rule }: Mutant): string {
  return `${file}: ${rule.name}`;
}

/** True when some case says something else than expected, or the program fails. */
function isNoticed(program: string): boolean {
  return spawnSync(process.execPath, [program, CASES], { stdio: 'ignore', timeout: 60_000 }).status !== 0;
}

async function mutate(mutants: readonly Mutant[]): Promise<Mutant[]> {
  if (mutants.length === 0) return [];
  const bundle = new Bundle();
  const unnoticed: Mutant[] = [];
  try {
    await bundle.build();
    if (isNoticed(bundle.program)) throw new Error('the cases fail without any change: run npm run test:unit first');
    for (const mutant of mutants) {
      await bundle.build(switchOff(mutant));
      if (!isNoticed(bundle.program)) unnoticed.push(mutant);
    }
  } finally {
    await bundle.close();
  }
  return unnoticed;
}

const { values, positionals } = parseArgs({
  options: { since: { type: 'string' }, 'at-most': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write(USAGE);
} else {
  const all = listMutants(listFiles(values.since, positionals));
  const mutants = all.slice(0, Number(values['at-most'] ?? all.length));
  const unnoticed = await mutate(mutants);
  for (const mutant of unnoticed) {
    console.error(`${textOf(mutant)}: no case would miss it: write one in test/cases`);
  }
  const noticed = mutants.length - unnoticed.length;
  const percent = mutants.length === 0 ? 100 : (100 * noticed) / mutants.length;
  const left = all.length - mutants.length;
  console.log(
    `rules switched off: ${mutants.length}, noticed: ${noticed} (${percent.toFixed(1)} %), left out: ${left}`,
  );
  process.exitCode = unnoticed.length > 0 ? 1 : 0;
}
