import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundle } from '../bundle.ts';
import { renderDeclarations } from './declarations.ts';

/** What other packages import: the name after `sailwright/`, and the folder and module that it is. */
const MODULES = [
  { name: 'core', folder: 'src/library', module: 'core' },
  { name: 'fluent', folder: 'src/fluent', module: 'index' },
];
/** There must be one copy of it, that of whoever uses the classes. */
const EXTERNAL = ['kubernetes-fluent-client'];

/** Builds `sailwright/core` and `sailwright/fluent` with their types, apart from the command line and from each other. */
export async function buildLibrary(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  // Beside it stands the command line, which is none.
  await writeFile(join(out, 'package.json'), '{ "type": "module" }\n');
  for (const { name, folder, module } of MODULES) {
    const outdir = join(out, name);
    await bundle({
      outdir,
      sourcemap: true,
      entryPoints: { [module]: `${folder}/${module}.ts` },
      external: EXTERNAL,
      lateParts: 'inside',
    });
    for (const [path, text] of await renderDeclarations(folder, [`${module}.ts`])) {
      await mkdir(dirname(join(outdir, path)), { recursive: true });
      await writeFile(join(outdir, path), text);
    }
  }
}
