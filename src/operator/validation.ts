import { ValidationAuditor, type AuditApart } from '../controllers/validation-auditor/auditor.ts';
import type { InformerPool } from '../kube/informer-pool.ts';
import type { Part } from '../runtime/lifecycle.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createValidationMetrics } from '../telemetry/validation-metrics.ts';
import type { AdmissionRoute } from '../webhooks/server/admission-handler.ts';
import type { InjectionRegistry } from '../webhooks/inject/injection-registry.ts';
import { AdmissionAnalyzer } from '../webhooks/validate/admission-analysis.ts';
import type { InstallationPolicy } from '../kube/installation-policy.ts';
import { createInstallationChecks } from '../webhooks/validate/check-installation.ts';
import { createRemovalCheck, type FindUsers } from '../webhooks/validate/check-removal.ts';
import { checkRendering } from '../webhooks/validate/check-rendering.ts';
import { createRightsCheck, type ConnectRights } from '../webhooks/validate/check-rights.ts';
import type { StudyChange } from '../webhooks/validate/istio-operator-change.ts';
import { createIstioOperatorRoute, type ReviewApart } from '../webhooks/validate/istio-operator-handler.ts';
import { PatientAnalysis } from '../webhooks/validate/patient-analysis.ts';
import type { Readers } from '../webhooks/validate/readers.ts';
import { createValidationRoute, type ApartJudge } from '../webhooks/validate/validation-handler.ts';

/** Validation in one replica: every replica answers, the leader looks for what was stored without it. */
export interface Validation {
  auditor: ValidationAuditor;
  /** What every replica starts. */
  parts: readonly Part[];
  routes: readonly AdmissionRoute[];
}

/** What validation is made from. */
export interface ValidationParts {
  study: StudyChange;
  /** Reviews large IstioOperators. */
  review: ReviewApart;
  /** Judges what is large. */
  apart: ApartJudge;
  /** Judges large stored ones. */
  audit: AuditApart;
  policy: InstallationPolicy;
  connectRights: ConnectRights;
  findUsers: FindUsers;
  /** Watches what analysis at admission needs too. */
  registry: InjectionRegistry;
  /** By whose rules resources are judged. */
  readers: Readers;
  informers: InformerPool;
  log: Log;
  metrics: Metrics;
}

/** Connects the parts; nothing runs yet. */
export function createValidation(
  { analysesAdmissions }: { analysesAdmissions: boolean },
  {
    study,
    review,
    apart,
    audit,
    policy,
    connectRights,
    findUsers,
    registry,
    readers,
    informers,
    log,
    metrics,
  }: ValidationParts,
): Validation {
  const auditor = new ValidationAuditor({ informers, audit, readers, log, metrics });
  createValidationMetrics(metrics.registry).watchInvalidResources(() => auditor.countByKind());
  const { namespaces, configMaps } = registry;
  const stored = { informers, namespaces, configMaps };
  const analyzer = analysesAdmissions ? new AdmissionAnalyzer({ ...stored, readers, log }) : undefined;
  const analysis = analyzer && new PatientAnalysis(analyzer, systemClock);
  const parts = analyzer ? [{ name: 'analysis', start: () => analyzer.start(), stop: () => analyzer.stop() }] : [];
  const { namespace, settings } = createInstallationChecks(policy);
  const checks = [namespace, checkRendering, settings, createRightsCheck(connectRights), createRemovalCheck(findUsers)];
  const istioOperators = createIstioOperatorRoute({ study, checks }, review);
  return { auditor, parts, routes: [createValidationRoute(analysis, apart, readers), istioOperators] };
}
