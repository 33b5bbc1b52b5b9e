import type { Plugin } from 'esbuild';
import { join } from 'node:path';

const PACKAGE = /@kubernetes[\\/]client-node/;

/**
 * Of @kubernetes/client-node only what reads a kubeconfig goes into the bundle. As a whole it loads a thousand classes
 * of the API, which nobody here uses: 50 MB of memory and a third of a second at each start. Its modules have no side
 * effects, though it does not say so, and its requests, which are never sent, need no `fetch` of their own.
 */
export const clientNode: Plugin = {
  name: 'client-node',
  setup: (build) => {
    build.onResolve({ filter: /^node-fetch$/ }, ({ importer }) =>
      PACKAGE.test(importer) ? { path: join(import.meta.dirname, 'native-fetch.ts') } : undefined,
    );
    build.onResolve(
      { filter: /^(\.|@kubernetes\/client-node)/ },
      async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === clientNode || !(PACKAGE.test(path) || PACKAGE.test(importer))) return undefined;
        const own = path === '@kubernetes/client-node' ? `${path}/dist/config.js` : path;
        const resolved = await build.resolve(own, { resolveDir, importer, kind, pluginData: clientNode });
        return { ...resolved, sideEffects: false };
      },
    );
  },
};
