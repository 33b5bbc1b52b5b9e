import type { Plugin } from 'esbuild';

/** What is used of packages that take long to load and that few resources need. */
const LATE: Readonly<Record<string, readonly string[]>> = { '@bufbuild/cel': ['parse'] };

/**
 * Evaluates these packages by the first call of one of their functions. The core is synchronous and imports them as
 * all else: with them, each start of a command would make the descriptors of messages that hardly anybody sends.
 */
export const latePackages: Plugin = {
  name: 'late-packages',
  setup: (build) => {
    const filter = new RegExp(`^(${Object.keys(LATE).join('|')})$`);
    build.onResolve({ filter }, ({ path, namespace }) =>
      namespace === 'late-package' ? undefined : { path, namespace: 'late', sideEffects: false },
    );
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: (LATE[path] ?? [])
        .map((name) => `export const ${name} = (...given) => require('late-package:${path}').${name}(...given);`)
        .join('\n'),
    }));
    build.onResolve({ filter: /^late-package:/ }, ({ path }) => ({
      path: path.slice('late-package:'.length),
      namespace: 'late-package',
    }));
    build.onLoad({ filter: /.*/, namespace: 'late-package' }, ({ path }) => ({
      contents: `export { ${(LATE[path] ?? []).join(', ')} } from '${path}';`,
      resolveDir: import.meta.dirname,
    }));
  },
};
