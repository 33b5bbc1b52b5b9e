// `npm test`: every check in order, going on after failures, and a summary whose last line is the sum.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findMissing, readHostFacts } from '../testbed/real/host-facts.ts';
import {
  computeSuiteCounts,
  formatSummary,
  listFailedFiles,
  listFailures,
  replaceFailedFiles,
  type StageResult,
  type VitestReport,
} from './test-summary.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

async function hashGenerated(): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const folder of ['crds', 'config', 'docs', 'src'].map((name) => join(root, name)).filter(existsSync)) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      hashes.set(
        relative(root, path),
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      );
    }
  }
  return hashes;
}

/** Compares files instead of asking git, so that it also holds in a tree with other changes and in a tarball. */
async function checkGenerated(): Promise<number> {
  const before = await hashGenerated();
  const code = await run('npm', ['run', '-s', 'generate']);
  if (code !== 0) return code;
  const after = await hashGenerated();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  for (const path of changed) console.error(`${path} was not up to date: commit what npm run generate writes`);
  return changed.length;
}

/** What runs against a cluster has limits of time that a busy machine breaks: a file or two of it may try again. */
const MOST_SECOND_TRIES = 2;

async function runVitest(project: string): Promise<StageResult> {
  // The unit tests fail, too, when they reach less of the core than vitest.config.ts asks for.
  const { code, report } = await runProject(project, project === 'unit' ? ['--coverage.enabled'] : []);
  const failedFiles = report ? listFailedFiles(report) : [];
  const failures = report ? listFailures(report) : [];
  const mayTryAgain = AGAINST_A_CLUSTER.has(project) && failedFiles.length <= MOST_SECOND_TRIES;
  if (!report || failedFiles.length === 0 || !mayTryAgain)
    return { stage: project, ...computeSuiteCounts(report, code), failures };

  console.log(`\n== ${project}, what failed once more`);
  const again = await runProject(
    project,
    failedFiles.map(({ name }) => name),
  );
  if (!again.report) return { stage: project, ...computeSuiteCounts(report, code), failures };
  const stillFailing = listFailures(again.report);
  return {
    stage: project,
    ...computeSuiteCounts(replaceFailedFiles(report, again.report), again.code),
    failures: stillFailing,
    unsteady: stillFailing.length > 0 ? [] : failures,
  };
}

async function runProject(
  project: string,
  args: readonly string[],
): Promise<{ code: number; report: VitestReport | undefined }> {
  const reportFile = join(reports, `${project}.json`);
  await rm(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=./test/suite-report.ts', `--outputFile.json=${reportFile}`];
  const code = await run('vitest', ['run', '--project', project, ...reporters, ...args]);
  const report = existsSync(reportFile) ? (JSON.parse(await readFile(reportFile, 'utf8')) as VitestReport) : undefined;
  return { code, report };
}

async function runCheck(stage: string, check: () => Promise<number>): Promise<StageResult> {
  const failed = (await check()) === 0 ? 0 : 1;
  return { stage, passed: 1 - failed, failed, skipped: 0 };
}

/** Checks that only read: each has work for one processor, so they run side by side. */
const READERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['npm', 'run', '-s', 'lint'],
  types: ['npm', 'run', '-s', 'typecheck'],
};
const reading = new Map<string, Promise<{ code: number; output: string }>>();

/** Starts all readers with the first, and tells what this one had to say. */
async function checkReader(stage: string): Promise<number> {
  if (reading.size === 0) {
    for (const [name, [command, ...args]] of Object.entries(READERS)) reading.set(name, runSilently(command, args));
  }
  const { code, output } = (await reading.get(stage)) ?? { code: 1, output: `no reader is named ${stage}` };
  process.stdout.write(output);
  return code;
}

/** Keeps what is said, not to have it between what others say. */
function runSilently(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => void said.push(data));
  return new Promise((resolve) => {
    const end = (code: number, more = ''): void =>
      resolve({ code, output: `${Buffer.concat(said).toString()}${more}` });
    child.once('error', (error) => end(1, `${command}: ${error.message}\n`));
    child.once('close', (code) => end(code ?? 1));
  });
}

function skip(stage: string, why: string): StageResult {
  return { stage, passed: 0, failed: 0, skipped: 1, why };
}

const AGAINST_A_CLUSTER = new Set(['integration', 'e2e', 'guides', 'mesh']);

/** Why there are no tests of the mesh: real nodes need what not every machine has, and are never somebody else's. */
const NO_MESH = await decideWhyNoMesh();

async function decideWhyNoMesh(): Promise<string | undefined> {
  if (process.env['KUBECONFIG']) return 'KUBECONFIG names a cluster, and nothing is to be built';
  const missing = findMissing(await readHostFacts());
  return missing.length === 0 ? undefined : `real nodes need ${missing.join(', ')}`;
}

/** Each begins with an empty cluster, or one mesh on it. */
async function runGuides(): Promise<StageResult> {
  if (process.env['KUBECONFIG']) return skip('guides', 'KUBECONFIG names a cluster, and guides begin with empty ones');
  return runVitest('guides');
}

async function runMesh(): Promise<StageResult> {
  return NO_MESH === undefined ? runVitest('mesh') : skip('mesh', NO_MESH);
}

/**
 * What the mesh needs is made beside the stages before it, most of which leave a processor idle. What is wrong with it
 * that stage tells, which makes it again.
 */
function prepareMesh(): void {
  if (NO_MESH !== undefined) return;
  const child = spawn('node', ['testbed/mesh/prepare.ts'], { cwd: root, env, stdio: 'ignore' });
  child.once('error', () => undefined);
  child.unref();
}

/** Each rule takes a second or two: a change of the whole house is left to `npm run mutate`. */
const MOST_RULES = '40';

/** Rules in the files of the last change are missed when they are switched off. Without history there is no change. */
async function checkRules(): Promise<StageResult> {
  const stage = 'rules of changed files';
  if (!hasParent()) return skip(stage, `no last change: git knows no ${PARENT} here`);
  return runCheck(stage, () => run('node', ['tools/mutate/run.ts', '--since', PARENT, '--at-most', MOST_RULES]));
}

const PARENT = 'HEAD^1';

function hasParent(): boolean {
  return spawnSync('git', ['rev-parse', '--verify', '--quiet', PARENT], { cwd: root, stdio: 'ignore' }).status === 0;
}

const reports = await mkdtemp(join(tmpdir(), 'sailwright-test-'));
const stages: [string, () => Promise<StageResult>][] = [
  ['generated files', () => runCheck('generated files', checkGenerated)],
  ...Object.keys(READERS).map((stage): [string, () => Promise<StageResult>] => [
    stage,
    () => runCheck(stage, () => checkReader(stage)),
  ]),
  ['rules of changed files', checkRules],
  ...['unit', 'conformance', 'integration', 'e2e'].map((project): [string, () => Promise<StageResult>] => [
    project,
    () => runVitest(project),
  ]),
  ['guides', runGuides],
  ['mesh', runMesh],
];

prepareMesh();
const results: { result: StageResult; seconds: number }[] = [];
for (const [stage, start] of stages) {
  console.log(`\n== ${stage}`);
  const began = performance.now();
  const result = await start();
  results.push({ result, seconds: (performance.now() - began) / 1000 });
}
await rm(reports, { recursive: true, force: true });
console.log(formatSummary(results));
process.exitCode = results.some(({ result }) => result.failed > 0) ? 1 : 0;
