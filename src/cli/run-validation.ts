import { ValidationAuditor } from '../controllers/validation-auditor/auditor.ts';
import type { WatchApi } from '../kube/watch-api.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createValidationMetrics } from '../telemetry/validation-metrics.ts';
import type { AdmissionRoute } from '../webhooks/server/admission-handler.ts';
import { createIstioOperatorRoute, type DryRender } from '../webhooks/validate/istio-operator-handler.ts';
import { createValidationRoute } from '../webhooks/validate/validation-handler.ts';

/** Validation in one replica: every replica answers, the leader looks for what was stored without it. */
export interface Validation {
  auditor: ValidationAuditor;
  routes: readonly AdmissionRoute[];
}

/** Connects the parts; nothing runs yet. */
export function createValidation(
  render: DryRender,
  { watchApi, log, metrics }: { watchApi: WatchApi; log: Log; metrics: Metrics },
): Validation {
  const auditor = new ValidationAuditor({ watchApi, log });
  createValidationMetrics(metrics.registry).watchInvalidResources(() => auditor.countByKind());
  return { auditor, routes: [createValidationRoute(), createIstioOperatorRoute(render)] };
}
