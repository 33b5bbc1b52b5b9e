// Bundles the command line into dist/. Commands are loaded lazily, so `manifest generate` never pays for the client.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientNode } from './client-node-plugin.ts';
import { plainBuiltins } from './plain-builtins-plugin.ts';

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
      'kubernetes-fluent-client',
      // Imported on demand from a bundle, it has no exports.
      '@peculiar/x509',
      'reflect-metadata',
    ],
    plugins: [plainBuiltins, clientNode],
    // Modules of CommonJS ask for those of Node in their own way.
    banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const written = Object.keys(metafile.outputs);
  await Promise.all(written.filter((path) => path.endsWith('.js')).map(writeAsAscii));
  await removeOlder(written);
}

/**
 * One character beyond Latin-1 makes V8 keep the whole file with two bytes for each. esbuild leaves some in comments and
 * regular expressions, where an escape does as well as in texts.
 */
async function writeAsAscii(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (/\\[\u0080-\uffff]/.test(text)) throw new Error(`${path}: a character beyond ASCII after a backslash`);
  const escaped = text.replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped !== text) await writeFile(path, escaped);
}

/** Removes what earlier builds left: parts that are shared carry a hash in their names. */
async function removeOlder(written: readonly string[]): Promise<void> {
  const present = (await readdir(OUT)).map((name) => join(OUT, name));
  const older = present.filter((path) => /\.js(\.map)?$/.test(path) && !written.includes(path));
  await Promise.all(older.map((path) => rm(path, { force: true })));
}
