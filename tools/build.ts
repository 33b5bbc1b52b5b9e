// Bundles the command line into dist/. Commands are loaded lazily, so `manifest generate` never pays for the client.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';

if (existsSync(new URL('../src/main.ts', import.meta.url))) {
  await build({
    entryPoints: { sailwright: 'src/main.ts' },
    outdir: 'dist',
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
}
