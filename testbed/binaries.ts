import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { pause } from './wait.ts';

/** Says in one line what happens now; long steps say so again from time to time. */
export type Progress = (line: string) => void;

/** The one program that holds etcd, the Kubernetes processes and kwok, and `kubectl`, a link to it. */
export interface Binaries {
  readonly cluster: string;
  readonly kubectl: string;
}

const SOURCES = join(import.meta.dirname, 'cluster');
const KUBERNETES = { major: '1', minor: '36', version: 'v1.36.3' };

/** The folder outside the checkout for what is built once and for the logs of past runs. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env['SAILWRIGHT_CACHE']) return env['SAILWRIGHT_CACHE'];
  const base = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'sailwright');
}

/** Returns the binaries, building them first when this machine has not yet built these very sources. */
export async function ensureBinaries(onProgress: Progress = () => undefined): Promise<Binaries> {
  const root = join(cacheDir(), 'testbed');
  const dir = join(root, await sourceHash());
  const binaries = { cluster: join(dir, 'testbed-cluster'), kubectl: join(dir, 'kubectl') };
  if (await exists(binaries.kubectl)) return binaries;
  await mkdir(root, { recursive: true });
  const unlock = await lock(`${dir}.lock`, onProgress);
  try {
    if (!(await exists(binaries.kubectl))) await build(dir, onProgress);
  } finally {
    await unlock();
  }
  return binaries;
}

/** Everything that decides what comes out of the build: sources, versions, compiler, flags. */
async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(SOURCES)).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name)).sort();
  for (const name of names) {
    hash.update(`${name}\0`).update(await readFile(join(SOURCES, name)));
  }
  hash.update(await goVersion()).update(buildArguments('').join('\0'));
  return hash.digest('hex').slice(0, 20);
}

async function goVersion(): Promise<string> {
  const result = await run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH']);
  return result.lines.join('\n');
}

function buildArguments(output: string): string[] {
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  // Unset, the API server calls itself v0.0.0-master, which clients that compare versions cannot use.
  const stamps = packages.flatMap((name) => [
    `-X ${name}.gitVersion=${KUBERNETES.version}`,
    `-X ${name}.gitMajor=${KUBERNETES.major}`,
    `-X ${name}.gitMinor=${KUBERNETES.minor}`,
  ]);
  return [
    'build',
    '-v',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags',
    ['-s', '-w', ...stamps].join(' '),
    '-o',
    output,
    '.',
  ];
}

async function build(dir: string, onProgress: Progress): Promise<void> {
  const scratch = `${dir}.building-${process.pid}`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  onProgress(
    `building Kubernetes ${KUBERNETES.version}, etcd and kwok, once per machine (5 to 10 minutes with 2 cores)`,
  );
  const start = performance.now();
  let compiled = 0;
  const seconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`;
  const ticker = setInterval(() => onProgress(`building: ${compiled} packages compiled, ${seconds()}`), 5_000);
  try {
    await run('go', buildArguments(join(scratch, 'testbed-cluster')), { onLine: () => (compiled += 1) });
    await symlink('testbed-cluster', join(scratch, 'kubectl'));
    // The folder appears under its final name only when complete.
    await rm(dir, { recursive: true, force: true });
    await rename(scratch, dir);
    onProgress(`built in ${seconds()}: ${dir}`);
  } finally {
    clearInterval(ticker);
    await rm(scratch, { recursive: true, force: true });
  }
}

// The holder touches its lock this often; one that has not been touched for long belongs to nobody any more.
const LOCK_TOUCH_MS = 3_000;
const LOCK_STALE_MS = 30_000;

/**
 * Takes the lock file, waiting for whoever holds it. Should two processes take over a dead one's lock at the same
 * moment, both build, and the rename at the end keeps the result whole.
 */
async function lock(path: string, onProgress: Progress): Promise<() => Promise<void>> {
  let told = false;
  while (!(await createNew(path))) {
    if (await isStale(path)) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) onProgress(`another process builds the cluster's binaries: waiting for it to delete ${path}`);
    told = true;
    await pause(500);
  }
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, LOCK_TOUCH_MS);
  return async () => {
    clearInterval(touch);
    await rm(path, { force: true });
  };
}

async function createNew(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > LOCK_STALE_MS;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Whether a process with this id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

interface RunOptions {
  readonly onLine?: (line: string) => void;
}

/** Runs a Go command in the module's folder and returns its output lines; an error holds the last of them. */
async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<{ lines: string[] }> {
  const child = spawn(command, args, {
    cwd: SOURCES,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      options.onLine?.(line);
    });
  }
  try {
    const code = await exitCode(child);
    if (code === 0) return { lines };
  } finally {
    process.removeListener('exit', endWithUs);
  }
  throw new Error(`\`${command} ${args[0] ?? ''}\` in ${SOURCES} failed:\n${lines.slice(-20).join('\n')}`);
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => resolve(code));
    child.once('error', (error) => reject(hasCode(error, 'ENOENT') ? missingGo() : error));
  });
}

function missingGo(): Error {
  return new Error(
    'the embedded cluster is built from Go sources, and no `go` is on the PATH: install Go 1.26 or newer, ' +
      'or set KUBECONFIG to the kubeconfig of an existing cluster, which is then used and nothing is built',
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
