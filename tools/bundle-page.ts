// What a browser gets: the page of `sailwright report` and `sailwright dashboard`, one script and one style sheet.
import { build, type Metafile } from 'esbuild';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Bundles src/page into `page.js` and `page.css` of a folder, without maps: they travel in every report. */
export async function bundlePage(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { page: 'src/page/main.tsx', 'page-style': 'src/page/page.css' },
    tsconfig: 'src/page/tsconfig.json',
    outdir,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}
