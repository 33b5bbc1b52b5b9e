import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { renderBuildState, type Progress } from './build-progress.ts';
import { cacheDir } from './cache-dir.ts';
import { runGo } from './go-command.ts';
import { ensureMade } from './made-once.ts';
import { pathExists } from './path-exists.ts';

/** A program, or several of one module, that are built once per machine and state of their sources. */
export interface GoBuild {
  /** Name of its folder in the cache, without the hash. */
  readonly name: string;
  /** What is built, for people. */
  readonly title: string;
  /** How long it takes where nothing is cached, for people, when it is more than moments. */
  readonly takes?: string;
  /** The module's folder. */
  readonly module: string;
  /** A package of the module, such as `.`, or `tool` for all that its go.mod names as tools. */
  readonly package: string;
  /** Name of the one binary; unless set, each gets the name of its package. */
  readonly output?: string;
  readonly tags?: readonly string[];
  /** Strings that the linker sets, by the path of the variable. */
  readonly stamps?: Readonly<Record<string, string>>;
  readonly cgo?: boolean;
  /**
   * Patterns of packages that are compiled without inlining, which takes a quarter less: of those whose speed nobody
   * measures or waits for.
   */
  readonly plain?: readonly string[];
  /** Completes the folder before it appears under its name. */
  readonly finish?: (folder: string) => Promise<void>;
}

/** Whether this machine has built these very sources. */
export async function isBuilt(build: GoBuild): Promise<boolean> {
  return pathExists(await folderOf(build));
}

/** Returns the folder that holds the binaries, building them first when this machine has not these very ones. */
export async function ensureBuilt(build: GoBuild, onProgress: Progress = () => undefined): Promise<string> {
  const folder = await folderOf(build);
  const make = (scratch: string): Promise<void> => compile(build, scratch, onProgress);
  return ensureMade({ folder, title: build.title, make }, onProgress);
}

async function folderOf(build: GoBuild): Promise<string> {
  return join(cacheDir(), 'testbed', `${build.name}-${await sourceHash(build)}`);
}

/** Everything that decides what comes out of the build: sources, versions, compiler, flags. */
async function sourceHash(build: GoBuild): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await listSources(build)) {
    hash.update(`${path}\0`).update(await readFile(join(build.module, path)));
  }
  const compiler = await runGo(['env', 'GOVERSION', 'GOOS', 'GOARCH'], { folder: build.module });
  hash.update(compiler.join('\n')).update([...flags(build), build.package].join('\0'));
  return hash.digest('hex').slice(0, 20);
}

/** The module's versions, the package's own files, and what the module's packages share. */
async function listSources(build: GoBuild): Promise<string[]> {
  const own = build.package === 'tool' ? [] : await listGoFiles(build.module, build.package);
  const shared = await listGoFiles(build.module, 'internal', true);
  // A module that needs no other has no go.sum.
  const versions = (await readdir(build.module)).filter((name) => /^go\.(?:mod|sum)$/.test(name));
  return [...versions, ...own, ...shared].sort();
}

async function listGoFiles(module: string, folder: string, recursive = false): Promise<string[]> {
  const names = await readdir(join(module, folder), { recursive }).catch(() => []);
  return names.filter((name) => name.endsWith('.go')).map((name) => join(folder, name));
}

function flags({ tags, stamps }: GoBuild): string[] {
  const set = Object.entries(stamps ?? {}).map(([variable, value]) => `-X ${variable}=${value}`);
  return [
    '-trimpath',
    '-buildvcs=false',
    ...(tags === undefined ? [] : ['-tags', tags.join(',')]),
    '-ldflags',
    ['-s', '-w', ...set].join(' '),
  ];
}

/**
 * What makes compiling quicker and changes nothing of what the programs do, so it is no part of the hash. Tables for
 * debuggers take a tenth, and the linker leaves them out anyway. Of several patterns the last that fits counts.
 */
function compilerFlags({ plain = [] }: GoBuild): string[] {
  return ['all=-dwarf=false', ...plain.map((pattern) => `${pattern}=-dwarf=false -l`)].map(
    (flag) => `-gcflags=${flag}`,
  );
}

async function compile(build: GoBuild, folder: string, onProgress: Progress): Promise<void> {
  const start = performance.now();
  const state = { title: build.title, compiled: 0, total: 0, seconds: 0 };
  const say = (): void => {
    onProgress(renderBuildState({ ...state, seconds: (performance.now() - start) / 1000 }));
  };
  const ticker = setInterval(say, 5_000);
  try {
    if (build.takes !== undefined) onProgress(tellDuration(build.title, build.takes));
    state.total = await countStale(build);
    const onLine = (line: string): void => void (isPackage(line) && (state.compiled += 1));
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    const run = { folder: build.module, cgo: build.cgo ?? false, onLine, temporary };
    await runGo(
      ['build', '-v', ...compilerFlags(build), ...flags(build), '-o', join(folder, build.output ?? '/'), build.package],
      run,
    );
    await rm(temporary, { recursive: true });
    await build.finish?.(folder);
    onProgress(`built ${build.title} in ${Math.round((performance.now() - start) / 1000)} s`);
  } finally {
    clearInterval(ticker);
  }
}

function tellDuration(title: string, takes: string): string {
  return (
    `${title}: built once per machine, which takes ${takes}; meanwhile, in another terminal, what needs no cluster ` +
    'works: npm run sailwright -- --help, manifest generate, analyze, inject'
  );
}

/** How many packages the compiler's own cache lacks. */
async function countStale(build: GoBuild): Promise<number> {
  const format = ['-f', '{{if .Stale}}{{.ImportPath}}{{end}}'];
  const run = { folder: build.module, cgo: build.cgo ?? false };
  const lines = await runGo(['list', '-deps', ...compilerFlags(build), ...flags(build), ...format, build.package], run);
  return lines.filter(isPackage).length;
}

/** Go also says what it downloads, and what the C compiler says. */
function isPackage(line: string): boolean {
  return line !== '' && !/^(go:|#)/.test(line);
}
