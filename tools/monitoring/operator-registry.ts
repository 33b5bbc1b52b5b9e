import type { Registry } from 'prom-client';
import { createAdmissionMetrics } from '../../src/telemetry/admission-metrics.ts';
import { createAnalysisMetrics } from '../../src/telemetry/analysis-metrics.ts';
import { createContentionMetrics } from '../../src/telemetry/contention-metrics.ts';
import { createInjectionMetrics } from '../../src/telemetry/injection-metrics.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createRolloutMetrics } from '../../src/telemetry/rollout-metrics.ts';
import { createStagedMetrics } from '../../src/telemetry/staged-metrics.ts';
import { createResourceMetrics } from '../../src/telemetry/resource-metrics.ts';
import { createValidationMetrics } from '../../src/telemetry/validation-metrics.ts';
import { createWorkerMetrics } from '../../src/telemetry/worker-metrics.ts';

/** A registry with every metric that the operator has, those of the process too unless told. */
export function operatorRegistry({ processMetrics = true } = {}): Registry {
  const { registry } = createMetrics({ processMetrics });
  createAdmissionMetrics(registry);
  createInjectionMetrics(registry);
  createValidationMetrics(registry);
  createAnalysisMetrics(registry);
  createContentionMetrics(registry);
  createWorkerMetrics(registry);
  createResourceMetrics(registry);
  createRolloutMetrics(registry);
  createStagedMetrics(registry);
  return registry;
}
