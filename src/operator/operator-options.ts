import type { PrometheusOptions } from '../prometheus/prometheus.ts';
import type { LogLevel } from '../telemetry/log.ts';

/** How the operator runs. */
export interface OperatorOptions {
  /** Where its Lease is. */
  namespace: string;
  kubeconfig: string | undefined;
  /** Of the kubeconfig, in place of its current one. */
  context: string | undefined;
  metricsPort: number;
  webhookPort: number;
  webhookHost: string | undefined;
  /** Threads that answer the webhooks, at the most. */
  webhookWorkers: number;
  /** How the API server reaches this operator when not by its Service, e.g. `https://127.0.0.1:9443`. */
  webhookUrl: string | undefined;
  /** Holds tls.crt, tls.key and ca.crt that somebody else keeps up to date. */
  certificateDirectory: string | undefined;
  healthPort: number;
  /** Where the page of the mesh is served; undefined for nowhere. */
  page: { port: number; host: string } | undefined;
  leaderElect: boolean;
  leaseDurationMs: number;
  renewDeadlineMs: number;
  retryPeriodMs: number;
  /** Between two looks for mistakes across resources; 0 for none. */
  analysisIntervalMs: number;
  /** Whether resources are judged together with others when they are stored. */
  analysesAdmissions: boolean;
  /** Namespaces that may hold IstioOperators and control planes; the usual one is always there. */
  controlPlaneNamespaces: readonly string[];
  /** Whether settings may give powers to pods, accounts and webhooks (docs/guides/security.md). */
  allowsPrivilegedSettings: boolean;
  /** Where metrics are asked for by the gates of changes in steps; undefined for nowhere. */
  prometheus: PrometheusOptions | undefined;
  logLevel: LogLevel;
}
