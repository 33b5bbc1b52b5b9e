import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from './build-progress.ts';
import { ensureBuilt, type GoBuild } from './go-build.ts';
import { runGo } from './go-command.ts';

/** Whose module holds the definitions of what kustomize-controller reads; none of its packages is compiled. */
const SOURCE_CONTROLLER = 'github.com/fluxcd/source-controller@v1.9.6';
const DEFINITIONS = 'definitions.yaml';

const FLUX: GoBuild = {
  name: 'flux',
  title: 'Flux’s kustomize-controller',
  takes: '3 to 6 minutes with 2 cores, as it holds the clients of several clouds',
  module: join(import.meta.dirname, 'flux'),
  package: 'tool',
  plain: ['all'],
  finish: addDefinitions,
};

/** Flux as far as it applies. */
export interface FluxProgram {
  readonly controller: string;
  /** A file with the definitions of its kinds. */
  readonly definitions: string;
}

/** Returns Flux's kustomize-controller, building it first when this machine has not yet built this version. */
export async function ensureFlux(onProgress?: Progress): Promise<FluxProgram> {
  const folder = await ensureBuilt(FLUX, onProgress);
  return { controller: join(folder, 'kustomize-controller'), definitions: join(folder, DEFINITIONS) };
}

async function addDefinitions(folder: string): Promise<void> {
  const modules = [
    await runGo(['list', '-m', '-json', 'github.com/fluxcd/kustomize-controller'], { folder: FLUX.module }),
    // In a folder without a go.mod, which it would change.
    await runGo(['mod', 'download', '-json', SOURCE_CONTROLLER], { folder }),
  ];
  const texts: string[] = [];
  for (const lines of modules) {
    const definitions = join(readModuleFolder(lines), 'config/crd/bases');
    for (const name of await readdir(definitions)) texts.push(await readFile(join(definitions, name), 'utf8'));
  }
  await writeFile(join(folder, DEFINITIONS), texts.join('\n---\n'));
}

function readModuleFolder(lines: readonly string[]): string {
  const [, folder] = /"Dir": "(.+)"/.exec(lines.join('\n')) ?? [];
  if (folder === undefined) throw new Error(`go tells no folder of the module:\n${lines.join('\n')}`);
  return folder;
}
