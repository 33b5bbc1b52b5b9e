// Bundles the command line into dist/. Commands are loaded lazily, so `manifest generate` never pays for the client.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const OUT = 'dist';

if (existsSync(new URL('../src/main.ts', import.meta.url))) {
  const { metafile } = await build({
    metafile: true,
    entryPoints: { sailwright: 'src/main.ts', 'judgement-worker': 'src/operator/judgement-worker.ts' },
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'bundle',
    // Its other build is CommonJS, which neither shakes down nor finds `process` in a module.
    alias: { yaml: './node_modules/yaml/browser/index.js' },
    external: [
      '@kubernetes/client-node',
      'kubernetes-fluent-client',
      'pino',
      'prom-client',
      // Imported on demand from a bundle, it has no exports.
      '@peculiar/x509',
      'reflect-metadata',
    ],
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  });
  await removeOlder(Object.keys(metafile.outputs));
}

/** Removes what earlier builds left: parts that are shared carry a hash in their names. */
async function removeOlder(written: readonly string[]): Promise<void> {
  const present = (await readdir(OUT)).map((name) => join(OUT, name));
  const older = present.filter((path) => /\.js(\.map)?$/.test(path) && !written.includes(path));
  await Promise.all(older.map((path) => rm(path, { force: true })));
}
