import type { Plugin } from 'esbuild';

/**
 * Takes from Node's own modules what is used, when it is used. An import statement makes a module of every export, and
 * so computes what would be computed on demand: the standard streams of `process`, the decoders of `util`, all of
 * `net` behind `child_process`. The command line would spend a third of its start on what it never uses.
 */
export const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  setup: (build) => {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'require-call' ? undefined : { path, namespace: 'builtin', sideEffects: false },
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: moduleOf(path), loader: 'js' }));
  },
};

/** What nobody uses of it is left out of the bundle. */
function moduleOf(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) => /^[\w$]+$/.test(name));
  const module = `process.getBuiltinModule(${JSON.stringify(path)})`;
  return [
    ...names
      .filter((name) => name !== 'default')
      .map((name, i) => `const e${i} = /* @__PURE__ */ (() => ${module}.${name})();\nexport { e${i} as ${name} };`),
    `export default ${path === 'node:process' ? 'process' : lateModule(module, names)};`,
  ].join('\n');
}

/** Loaded by the first use: `child_process` stands in the library of the command line, which starts no process here. */
function lateModule(module: string, names: readonly string[]): string {
  return `/* @__PURE__ */ (() => ({\n${names.map((name) => `  get ${name}() { return ${module}.${name}; },\n`).join('')}}))()`;
}
