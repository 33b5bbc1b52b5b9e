import { WebhookController } from '../controllers/certificates/controller.ts';
import { WebhookProofs } from '../controllers/certificates/webhook-proofs.ts';
import { SAILWRIGHT_SERVICE, type WebhookEndpoint } from '../core/operator-endpoint.ts';
import type { KubeApi } from '../kube/kube-api.ts';
import type { InformerPool } from '../kube/informer-pool.ts';
import type { Part } from '../runtime/lifecycle.ts';
import { createAdmissionMetrics } from '../telemetry/admission-metrics.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { CertificateSource } from '../webhooks/certificates/certificate-source.ts';
import { DirectoryCertificates } from '../webhooks/certificates/directory-certificates.ts';
import { SecretCertificates } from '../webhooks/certificates/secret-certificates.ts';
import type { AdmissionRoute } from '../webhooks/server/admission-handler.ts';
import { WebhookServer } from '../webhooks/server/webhook-server.ts';

/** The flags that concern webhooks. */
export interface WebhookOptions {
  /** Of the operator; its Service and the certificate's Secret are there. */
  namespace: string;
  webhookPort: number;
  webhookHost: string | undefined;
  /** How the API server reaches this operator when not by its Service. */
  webhookUrl: string | undefined;
  /** Holds a certificate that somebody else keeps up to date. */
  certificateDirectory: string | undefined;
}

export interface WebhookParts {
  /** Writes whether this replica leads or not. */
  api: KubeApi;
  /** Writes only while it leads. */
  leaderApi: KubeApi;
  informers: InformerPool;
  log: Log;
  metrics: Metrics;
  routes: readonly AdmissionRoute[];
}

/** The webhook server of one replica, and what keeps its certificates and configurations. */
export interface Webhooks {
  endpoint: WebhookEndpoint;
  server: WebhookServer;
  certificates: CertificateSource;
  controller: WebhookController;
  proofs: WebhookProofs;
  /** Undefined when calls can be answered, else why not. */
  findUnready: () => string | undefined;
  /** In the order in which they start. */
  parts: Part[];
}

/** Connects the parts; nothing runs yet. */
export function createWebhooks(options: WebhookOptions, parts: WebhookParts): Webhooks {
  const { log, metrics, routes, leaderApi, informers } = parts;
  const endpoint = endpointOf(options);
  const admissions = createAdmissionMetrics(metrics.registry);
  const proofs = new WebhookProofs(endpoint, () => certificates.current?.caBundle);
  admissions.watchProofs(() => proofs.list());
  const certificates = createCertificates(options, parts, (bundle) => controller.isBundleWritten(bundle));
  const controller = new WebhookController({
    api: leaderApi,
    informers,
    endpoint,
    certificates,
    proofs,
    log,
    metrics,
  });
  const { webhookPort: port, webhookHost: host } = options;
  const server = new WebhookServer({ port, ...(host === undefined ? {} : { host }), routes, metrics: admissions, log });
  admissions.watchCertificate(() => certificates.current?.expiresAt);
  certificates.subscribe((serving) => server.useCertificate(serving));
  return {
    endpoint,
    server,
    certificates,
    controller,
    proofs,
    findUnready: () => {
      const { current, problem } = certificates;
      if (!current || current.expiresAt <= Date.now()) return problem ?? 'the serving certificate has ended';
      return server.findUnready();
    },
    parts: [
      { name: 'webhook configurations', start: () => controller.start(), stop: () => controller.stop() },
      { name: 'certificates', start: () => certificates.start(), stop: () => certificates.stop() },
      { name: 'webhooks', start: () => server.start(), stop: () => server.stop() },
    ],
  };
}

/** Where the API server finds the webhooks. */
export function endpointOf({
  namespace,
  webhookUrl,
}: Pick<WebhookOptions, 'namespace' | 'webhookUrl'>): WebhookEndpoint {
  return webhookUrl === undefined ? { namespace } : { namespace, url: webhookUrl };
}

function createCertificates(
  options: WebhookOptions,
  { api, informers, log }: WebhookParts,
  isBundleWritten: (bundle: string) => boolean,
): CertificateSource {
  const { certificateDirectory: directory, namespace } = options;
  if (directory !== undefined) return new DirectoryCertificates({ directory, log });
  return new SecretCertificates({ api, informers, namespace, names: certificateNames(options), isBundleWritten, log });
}

/** Every name that the API server may call by. */
function certificateNames({ namespace, webhookUrl }: WebhookOptions): string[] {
  const service = `${SAILWRIGHT_SERVICE.name}.${namespace}`;
  const names = [`${service}.svc`, service, `${service}.svc.cluster.local`];
  if (webhookUrl === undefined) return names;
  const host = new URL(webhookUrl).hostname.replace(/^\[|\]$/g, '');
  return [...names, host];
}
