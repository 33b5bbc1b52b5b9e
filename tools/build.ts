// `npm run build`: bundles the command line and the library into dist/, and removes what earlier builds left there.
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { buildLibrary } from './library/build-library.ts';

const OUT = 'dist';

if (existsSync(new URL('../src/main.ts', import.meta.url))) {
  const outdir = join(import.meta.dirname, '..', OUT);
  const { outputs } = await bundle({ outdir, sourcemap: true });
  await removeOlder(Object.keys(outputs));
  // Of what was compiled from those.
  await rm(join(outdir, 'compile-cache'), { recursive: true, force: true });
  await buildLibrary(join(outdir, 'library'));
}

/** Removes what earlier builds left: parts that are shared carry a hash in their names. */
async function removeOlder(written: readonly string[]): Promise<void> {
  const present = (await readdir(OUT)).map((name) => join(OUT, name));
  const older = present.filter((path) => /\.[cm]?js(\.map)?$/.test(path) && !written.includes(path));
  await Promise.all(older.map((path) => rm(path, { force: true })));
}
