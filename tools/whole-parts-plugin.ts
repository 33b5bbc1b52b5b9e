import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Modules that are one file each with all that they import: those on the way of what people and hooks wait for. A
 * module of its own takes Node's loader as long as 50 KB more in the same file, and CommonJS is loaded faster.
 */
const WHOLE: Readonly<Record<string, string>> = {
  'src/main.ts': 'main',
  'src/cli/validate/validate.ts': 'validate',
  'src/cli/manifest/generate.ts': 'manifest-generate',
};

/** What there is of whole parts in the builds of one program. */
export interface WholeParts {
  readonly plugin: Plugin;
  /** The names of their files without an ending, and what each begins with. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Modules that they load on demand and that are none of them, likewise. */
  readonly loaded: ReadonlyMap<string, string>;
}

/** Lets whole parts, and whoever loads one on demand, refer to files beside them. */
export function createWholeParts(root: string): WholeParts {
  const loaded = new Map<string, string>();
  const plugin: Plugin = {
    name: 'whole-parts',
    setup: (build) => {
      build.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const source = relative(root, join(resolveDir, path));
        const whole = WHOLE[source];
        if (whole !== undefined) return { path: `./${whole}.cjs`, external: true };
        if (build.initialOptions.format !== 'cjs') return undefined;
        const name = source.replace(/^src\/|\.ts$/g, '').replaceAll('/', '-');
        loaded.set(name, source);
        return { path: `./${name}.mjs`, external: true };
      });
    },
  };
  const entryPoints = Object.fromEntries(Object.entries(WHOLE).map(([source, name]) => [name, source]));
  return { plugin, entryPoints, loaded };
}

/**
 * Node's loader of modules would read a file of CommonJS twice, to find its exports. What is compiled in such a file is
 * kept by `src/start`, as a script, and there `import` is none that Node knows.
 */
export function requireWholeParts(text: string, path: string): string {
  const required = text.replace(/\bimport\(("\.\/[\w-]+\.cjs")\)/g, 'Promise.resolve(require($1))');
  return path.endsWith('.cjs') ? required.replace(/\bimport\((?="\.\/[\w-]+\.mjs"\))/g, 'importBeside(') : required;
}
