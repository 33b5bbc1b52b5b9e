import { InjectionAuditor } from '../controllers/injection-auditor/auditor.ts';
import type { WebhookEndpoint } from '../core/operator-endpoint.ts';
import type { InformerPool } from '../kube/informer-pool.ts';
import type { Log } from '../telemetry/log.ts';
import { createInjectionMetrics } from '../telemetry/injection-metrics.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ApartInjector, InjectionHelpers } from '../webhooks/inject/apart-injector.ts';
import { createInjectionRoute } from '../webhooks/inject/injection-handler.ts';
import { InjectionRegistry } from '../webhooks/inject/injection-registry.ts';
import type { AdmissionRoute } from '../webhooks/server/admission-handler.ts';

/** Injection in one replica: every replica answers, the leader looks for pods that were missed. */
export interface Injection {
  registry: InjectionRegistry;
  auditor: InjectionAuditor;
  route: AdmissionRoute;
}

/** What injection is made from. */
export interface InjectionParts {
  informers: InformerPool;
  /** Injects what may take long. */
  apart: ApartInjector;
  helpers: InjectionHelpers | undefined;
  log: Log;
  metrics: Metrics;
}

/** Connects the parts; nothing runs yet. */
export function createInjection(
  { namespace, endpoint }: { namespace: string; endpoint: WebhookEndpoint },
  { informers, apart, helpers, log, metrics }: InjectionParts,
): Injection {
  const registry = new InjectionRegistry({ informers, endpoint, log });
  const auditor = new InjectionAuditor({ informers, registry, log, metrics });
  const gauges = createInjectionMetrics(metrics.registry);
  gauges.watchMissedPods(() => auditor.countByRevision());
  gauges.watchUnservedLabels(() => auditor.countUnserved());
  const route = createInjectionRoute({
    configs: registry,
    operatorNamespace: namespace,
    findUnready: () => registry.findUnready(),
    apart,
    helpers,
  });
  return { registry, auditor, route };
}
