import type { Metafile } from 'esbuild';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A package of npm of which something is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, relative to the root of the repository. */
  readonly folder: string;
}

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

/** The packages that gave the bundle at least a byte, in the order of their names. */
export async function findBundledPackages(root: string, { outputs }: Metafile): Promise<BundledPackage[]> {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([path]) => folderOf(path) ?? []),
  );
  const packages = [...new Set(used)].map(async (folder) => {
    const { name, version } = await readManifest(root, folder);
    return { name, version, folder };
  });
  return (await Promise.all(packages)).sort((one, other) => (one.folder < other.folder ? -1 : 1));
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` belongs to `node_modules/a/node_modules/@b/c`. */
function folderOf(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

/** The licences of the packages, which ask to be handed on with every copy. */
export async function collectLicences(root: string, packages: readonly BundledPackage[]): Promise<string> {
  const parts = packages.map(async ({ name, version, folder }) => {
    const files = (await readdir(join(root, folder))).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
    const texts = await Promise.all(files.sort().map((file) => readFile(join(root, folder, file), 'utf8')));
    const { license } = await readManifest(root, folder);
    if (texts.length === 0 && license === undefined) throw new Error(`${folder} names no licence`);
    return `${name} ${version}\n\n${texts.length > 0 ? texts.join('\n').trim() : `Licence: ${license}`}\n`;
  });
  return (await Promise.all(parts)).join(`\n${'-'.repeat(80)}\n\n`);
}

async function readManifest(root: string, folder: string): Promise<z.infer<typeof manifestSchema>> {
  return manifestSchema.parse(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')));
}
