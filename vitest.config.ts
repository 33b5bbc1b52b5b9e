import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
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
          testTimeout: 300_000,
          include: ['test/conformance/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'mesh',
          include: ['test/mesh/**/*.test.ts'],
          testTimeout: 300_000,
          // The first start builds everything.
          hookTimeout: 3_600_000,
          // Two clusters, which mostly wait. Other projects have as many workers as there are processors.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'demo',
          include: ['test/demo/**/*.test.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
