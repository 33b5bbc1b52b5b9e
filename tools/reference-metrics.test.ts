import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAdmissionMetrics } from '../src/telemetry/admission-metrics.ts';
import { createAnalysisMetrics } from '../src/telemetry/analysis-metrics.ts';
import { createInjectionMetrics } from '../src/telemetry/injection-metrics.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { createContentionMetrics } from '../src/telemetry/contention-metrics.ts';
import { createValidationMetrics } from '../src/telemetry/validation-metrics.ts';
import { createWorkerMetrics } from '../src/telemetry/worker-metrics.ts';

it('docs/reference/metrics.md lists exactly the metrics that there are', async () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/reference/metrics.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(sailwright_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => `${name} ${type}`);
  const { registry } = createMetrics({ processMetrics: false });
  createAdmissionMetrics(registry);
  createInjectionMetrics(registry);
  createValidationMetrics(registry);
  createAnalysisMetrics(registry);
  createContentionMetrics(registry);
  createWorkerMetrics(registry);
  const existing = (await registry.getMetricsAsJSON()).map(({ name, type }) => `${name} ${String(type)}`);
  expect(listed.sort()).toEqual(existing.sort());
});
