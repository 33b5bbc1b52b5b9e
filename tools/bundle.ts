// What esbuild makes of src.
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { bundlePage } from './bundle-page.ts';
import { clientNode } from './client-node-plugin.ts';
import { createLateParts, latePartsThemselves, type Place } from './late-parts-plugin.ts';
import { plainBuiltins } from './plain-builtins-plugin.ts';
import { createWholeParts, requireWholeParts } from './whole-parts-plugin.ts';

const ROOT = join(import.meta.dirname, '..');

export interface BundleOptions {
  /** Folder to write to, absolute. */
  readonly outdir: string;
  readonly sourcemap: boolean;
  /** Name of each bundle and the file below the root that it begins with; the command line when left out. */
  readonly entryPoints?: Readonly<Record<string, string>>;
  /** Packages that stay outside: whoever imports the bundle has them. */
  readonly external?: readonly string[];
  /** Where parts are that are seldom needed; in files of their own when left out. */
  readonly lateParts?: Place;
}

/** The command line, whose commands are loaded lazily, so `manifest generate` never pays for the client. */
const START = { sailwright: 'src/start.ts' };
const WORKER = { 'judgement-worker': 'src/operator/judgement-worker.ts' };
/** Says what files with the plain ending are: the one that the command line begins with is no module. */
const MANIFEST = { name: 'package.json', text: '{ "type": "commonjs" }\n' };

/** Bundles src and every package it uses. Paths of the outputs are relative to the root of the repository. */
export async function bundle(options: BundleOptions): Promise<Metafile> {
  const { outdir, sourcemap, entryPoints, external = [], lateParts = 'apart' } = options;
  const late = createLateParts(lateParts);
  const shared = sharedOptions(outdir, sourcemap);
  const plugins = [plainBuiltins, clientNode, late.plugin];
  const buildCommonJs = (own: OwnOptions, ending = '.cjs'): Promise<{ metafile: Metafile }> =>
    build({ ...shared, ...own, outExtension: { '.js': ending }, format: 'cjs', define: IN_COMMON_JS });
  const buildModules = (own: OwnOptions): Promise<{ metafile: Metafile }> =>
    build({
      ...shared,
      ...own,
      external: [...external],
      outExtension: { '.js': entryPoints ? '.js' : '.mjs' },
      splitting: true,
      format: 'esm',
      // Modules of CommonJS ask for those of Node in their own way.
      banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
    });
  const metafiles: Metafile[] = [];
  if (entryPoints) {
    metafiles.push((await buildModules({ entryPoints: { ...entryPoints }, plugins })).metafile);
  } else {
    const whole = createWholeParts(ROOT);
    const all = [whole.plugin, ...plugins];
    metafiles.push((await buildCommonJs({ entryPoints: whole.entryPoints, plugins: all })).metafile);
    const modules = { ...WORKER, ...inOrder(whole.loaded) };
    metafiles.push((await buildModules({ entryPoints: modules, plugins: all })).metafile);
    metafiles.push((await buildCommonJs({ entryPoints: START, plugins: all }, '.js')).metafile);
    metafiles.push(await bundlePage(outdir), await writeManifest(outdir));
  }
  // Only what CommonJS asks for is loaded at once where it is needed, in every Node that we support.
  const parts = { entryPoints: inOrder(late.files), plugins: [latePartsThemselves] };
  metafiles.push((await buildCommonJs(parts)).metafile);
  const metafile = joinMetafiles(metafiles);
  const written = Object.keys(metafile.outputs).filter((path) => /\.[cm]?js$/.test(path));
  await Promise.all(
    written.map((path) => rewrite(join(ROOT, path), (text) => toAscii(requireWholeParts(text, path), path))),
  );
  return metafile;
}

/** Plugins meet files in another order each time, and the names of chunks depend on that of the entry points. */
function inOrder(entryPoints: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...entryPoints].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function writeManifest(outdir: string): Promise<Metafile> {
  const path = join(outdir, MANIFEST.name);
  await writeFile(path, MANIFEST.text);
  const output = { bytes: MANIFEST.text.length, inputs: {}, imports: [], exports: [] };
  return { inputs: {}, outputs: { [relative(ROOT, path)]: output } };
}

/** What modules alone have. */
const IN_COMMON_JS = { 'import.meta.dirname': '__dirname' };

type OwnOptions = Pick<BuildOptions, 'entryPoints' | 'plugins'>;

function sharedOptions(outdir: string, sourcemap: boolean) {
  return {
    metafile: true,
    absWorkingDir: ROOT,
    outdir,
    bundle: true,
    platform: 'node',
    // Modules shake down, and only they have exports when a bundle imports them on demand.
    mainFields: ['module', 'main'],
    target: 'node20',
    packages: 'bundle',
    alias: {
      // Its build for Node is CommonJS, which neither shakes down nor finds `process` in a module.
      yaml: './node_modules/yaml/browser/index.js',
    },
    sourcemap: sourcemap && 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  } satisfies BuildOptions & { metafile: true };
}

function joinMetafiles(metafiles: readonly Metafile[]): Metafile {
  const all = (key: keyof Metafile): object => Object.assign({}, ...metafiles.map((each) => each[key])) as object;
  return { inputs: all('inputs'), outputs: all('outputs') } as Metafile;
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  if (changed !== text) await writeFile(path, changed);
}

/**
 * One character beyond Latin-1 makes V8 keep the whole file with two bytes for each. esbuild leaves some in comments and
 * regular expressions, where an escape does as well as in texts.
 */
function toAscii(text: string, path: string): string {
  if (/\\[\u0080-\uffff]/.test(text)) throw new Error(`${path}: a character beyond ASCII after a backslash`);
  return text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
