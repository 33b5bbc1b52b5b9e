import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheDir } from '../../testbed/cache-dir.ts';
import { runCommand } from './run-command.ts';

/** One package of Debian, named to the byte. */
export interface DebianPackage {
  readonly name: string;
  /** Version of Debian, such as `2.36-9+deb12u14`. */
  readonly version: string;
  readonly sha256: string;
}

/** A package, and the path of its file. */
export interface ObtainedPackage extends DebianPackage {
  readonly file: string;
}

/** What to ask the machine's archive for. */
export interface Selection {
  /** Packages of which everything they depend on is taken, too. */
  readonly withDependencies: readonly string[];
  /** Packages of which only they themselves are taken. */
  readonly alone: readonly string[];
}

/** Debian's name for the machine that this runs on. */
export function debianArchitecture(): string {
  const names: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };
  const name = names[process.arch];
  if (name === undefined) throw new Error(`images are built on x64 and arm64 machines, not on ${process.arch}`);
  return name;
}

/**
 * The files of these very packages, from the cache or from the archive that the machine's apt knows. apt works in
 * folders of its own: what is installed, and apt's own lists, stay as they are.
 *
 * @throws when the archive no longer has one of them, or has another file under its name.
 */
export async function obtainPackages(packages: readonly DebianPackage[]): Promise<ObtainedPackage[]> {
  const obtained = packages.map((wanted) => ({ ...wanted, file: cachedFile(wanted) }));
  const missing = await filterAsync(obtained, async ({ file, sha256 }) => (await hashIfThere(file)) !== sha256);
  if (missing.length > 0) await withApt((apt) => downloadAll(apt, missing));
  return obtained;
}

/** The packages of a selection as the machine's archive has them now. */
export async function resolvePackages({ withDependencies, alone }: Selection): Promise<DebianPackage[]> {
  return withApt(async (apt) => {
    const roots = withDependencies.length > 0;
    const closure = roots ? await apt.run('apt-cache', ['depends', ...ONLY_NEEDED, ...withDependencies]) : '';
    // Lines that begin a package; those of its dependencies are indented, virtual packages are in brackets.
    const needed = closure.split('\n').filter((line) => /^\w/.test(line));
    const names = [...new Set([...needed, ...alone])].sort();
    const uris = await apt.run('apt-get', ['download', '--print-uris', ...names]);
    return uris.split('\n').flatMap(parseUri).sort(byName);
  });
}

const ONLY_NEEDED = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances']
  .map((kind) => `--no-${kind}`)
  .concat('--recurse');

/** `'address' name_version_architecture.deb size SHA256:hash`, where the version's colon is escaped. */
function parseUri(line: string): DebianPackage[] {
  const [, name, version, sha256] = /^'[^']+' ([^_]+)_([^_]+)_\w+\.deb \d+ SHA256:(\w+)$/.exec(line) ?? [];
  if (name === undefined || version === undefined || sha256 === undefined) return [];
  return [{ name, version: decodeURIComponent(version), sha256 }];
}

function byName(one: DebianPackage, other: DebianPackage): number {
  return one.name < other.name ? -1 : 1;
}

interface Apt {
  readonly folder: string;
  readonly run: (command: string, args: readonly string[]) => Promise<string>;
}

async function withApt<T>(use: (apt: Apt) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sailwright-apt-'));
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    // Its own user could not write into our folder.
    'APT::Sandbox::User': '',
  };
  const options = ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
  const run: Apt['run'] = (command, args) =>
    runCommand(command, [...options, ...args], { cwd: folder, env: { ...process.env, LC_ALL: 'C' } });
  try {
    await Promise.all(['state/lists/partial', 'cache/archives/partial'].map((path) => makeFolder(join(folder, path))));
    await run('apt-get', ['update']).catch((error: unknown) => {
      throw new Error('images are made of packages of Debian: build on Debian or Ubuntu, with its archive in reach', {
        cause: error,
      });
    });
    return await use({ folder, run });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function downloadAll(apt: Apt, missing: readonly ObtainedPackage[]): Promise<void> {
  try {
    await apt.run('apt-get', ['download', ...missing.map(({ name, version }) => `${name}=${version}`)]);
  } catch (error) {
    throw new Error(
      'the archive of this machine has not all of the packages that tools/image/packages.lock.json names: ' +
        'take its present ones by `npm run image -- --renew-base`, or point apt to a snapshot that has them',
      { cause: error },
    );
  }
  const files = new Map<string, string>();
  for (const file of (await readdir(apt.folder)).filter((name) => name.endsWith('.deb'))) {
    const path = join(apt.folder, file);
    files.set(await hash(path), path);
  }
  for (const { name, version, sha256, file } of missing) {
    const path = files.get(sha256);
    if (path === undefined) throw new Error(`${name} ${version}: the archive's file has another hash than ${sha256}`);
    await makeFolder(join(file, '..'));
    // The cache may be on another file system; under its name a file is always whole.
    await copyFile(path, `${file}.${process.pid}`);
    await rename(`${file}.${process.pid}`, file);
  }
}

function cachedFile({ name, sha256 }: DebianPackage): string {
  return join(cacheDir(), 'debian', `${name}-${sha256}.deb`);
}

async function hashIfThere(path: string): Promise<string | undefined> {
  return hash(path).catch(() => undefined);
}

async function hash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

async function filterAsync<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_, i) => kept[i]);
}
