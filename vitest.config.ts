import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

import { LongestFirst } from './test/longest-first.ts';

/** Vitest leaves one processor free, which of two is the half. */
const processors = availableParallelism();
/**
 * Files with a cluster each mostly wait, so two of them share two processors well. They have no cluster of their own
 * where KUBECONFIG names one.
 */
const clusters = process.env['KUBECONFIG'] ? 1 : Math.min(processors, 2);

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // What the unit tests reach by themselves: a gate of `npm test`.
    coverage: {
      provider: 'v8',
      include: ['src/api/**/*.ts', 'src/core/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.generated.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 95, branches: 85 },
    },
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers: processors,
          // Properties run hundreds of cases, on machines that do other things as well.
          testTimeout: 60_000,
          include: [
            'src/**/*.test.ts',
            'bench/**/*.test.ts',
            'testbed/**/*.test.ts',
            'tools/**/*.test.ts',
            'test/cases/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'conformance',
          maxWorkers: processors,
          testTimeout: 300_000,
          include: ['test/conformance/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: 'test/build-product.ts',
          maxWorkers: clusters,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/build-product.ts',
          maxWorkers: clusters,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: 'mesh',
          include: ['test/mesh/**/*.test.ts'],
          testTimeout: 600_000,
          // The first start builds everything.
          hookTimeout: 3_600_000,
          // Two clusters, which mostly wait.
          maxWorkers: 2,
          // Suites at a time on one cluster: more of them starve its nodes until webhooks time out.
          maxConcurrency: 3,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'guides',
          include: ['test/guides/**/*.test.ts'],
          globalSetup: 'test/build-product.ts',
          maxWorkers: clusters,
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'demo',
          include: ['test/demo/**/*.test.ts'],
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
