import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { durationMillis, parseDuration } from '../../api/proto/duration.ts';
import { isDnsLabel } from '../../core/validate/rules/dns-label.ts';
import type { OperatorOptions } from '../../operator/operator-options.ts';
import { countProcessors } from '../../runtime/count-processors.ts';
import type { Call } from '../shell/command.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { RUN_OPTIONS } from './options.ts';
import { parseWebhookWorkers } from './webhook-workers.ts';

/** What the flags of `sailwright run` mean. @throws UsageError */
export function operatorOptionsOf(
  flags: Call<typeof RUN_OPTIONS>['flags'],
  env: Readonly<Record<string, string | undefined>>,
  processors = countProcessors(),
): OperatorOptions {
  const options: OperatorOptions = {
    namespace: flags.namespace ?? env['POD_NAMESPACE'] ?? 'sailwright-system',
    kubeconfig: flags.kubeconfig,
    context: flags.context,
    metricsPort: parsePort('--metrics-port', flags.metricsPort),
    healthPort: parsePort('--health-port', flags.healthPort),
    webhookPort: parsePort('--webhook-port', flags.webhookPort),
    webhookHost: flags.webhookHost,
    webhookWorkers: parseWebhookWorkers(flags.webhookWorkers, processors),
    webhookUrl: parseWebhookUrl(flags.webhookUrl),
    certificateDirectory: flags.certificateDirectory,
    page: parsePage(flags),
    leaderElect: flags.leaderElect === 'true',
    leaseDurationMs: parseLength('--lease-duration', flags.leaseDuration),
    renewDeadlineMs: parseLength('--lease-renew-deadline', flags.leaseRenewDeadline),
    retryPeriodMs: parseLength('--lease-retry-period', flags.leaseRetryPeriod),
    analysisIntervalMs: parseInterval('--analysis-interval', flags.analysisInterval),
    analysesAdmissions: flags.admissionAnalysis === 'true',
    controlPlaneNamespaces: parseNamespaces('--control-plane-namespaces', flags.controlPlaneNamespaces),
    allowsPrivilegedSettings: flags.allowPrivilegedSettings === 'true',
    prometheus: parsePrometheus(flags),
    logLevel: flags.logLevel,
  };
  if (options.renewDeadlineMs >= options.leaseDurationMs) {
    throw new UsageError('--lease-renew-deadline must be shorter than --lease-duration, or two replicas could lead');
  }
  if (options.retryPeriodMs >= options.renewDeadlineMs) {
    throw new UsageError('--lease-retry-period must be shorter than --lease-renew-deadline');
  }
  return options;
}

function parsePort(flag: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text.trim() !== '') return port;
  throw new UsageError(`${flag} must be a port from 0 to 65535, got "${text}"`);
}

function parsePage({ pagePort, pageHost }: Call<typeof RUN_OPTIONS>['flags']): OperatorOptions['page'] {
  if (pagePort !== undefined) return { port: parsePort('--page-port', pagePort), host: pageHost ?? '127.0.0.1' };
  if (pageHost === undefined) return undefined;
  throw new UsageError('--page-host needs --page-port');
}

/** The API server takes https only, without user, query or fragment. */
function parseWebhookUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isPlain = url && url.username === '' && url.search === '' && url.hash === '';
  if (isPlain && url.protocol === 'https:') return text.replace(/\/+$/, '');
  throw new UsageError(`--webhook-url must be https://HOST:PORT, got "${text}"`);
}

/** A token is sent by https only: who listens could read all metrics with it. */
function parsePrometheus({
  prometheusUrl: text,
  prometheusCaFile: caFile,
  prometheusTokenFile: tokenFile,
}: Call<typeof RUN_OPTIONS>['flags']): OperatorOptions['prometheus'] {
  if (text === undefined) {
    if (caFile === undefined && tokenFile === undefined) return undefined;
    throw new UsageError('--prometheus-ca-file and --prometheus-token-file need --prometheus-url');
  }
  const url = URL.parse(text);
  const isPlain = url && url.username === '' && url.search === '' && url.hash === '';
  if (!isPlain || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`--prometheus-url must be http(s)://HOST:PORT or that with a path, got "${text}"`);
  }
  if (tokenFile !== undefined && url.protocol !== 'https:') {
    throw new UsageError('--prometheus-token-file needs a --prometheus-url with https');
  }
  return { url, caFile, tokenFile };
}

/** Comma-separated names; the usual namespace comes first. */
function parseNamespaces(flag: string, text: string): string[] {
  const names = text.split(',').filter((name) => name !== '');
  const bad = names.find((name) => !isDnsLabel(name));
  if (bad !== undefined)
    throw new UsageError(`${flag} must be names of namespaces with commas between them, got "${bad}"`);
  return [...new Set([USUAL_NAMESPACE, ...names])];
}

function parseLength(flag: string, text: string): number {
  const duration = parseDuration(text);
  const ms = duration ? durationMillis(duration) : 0;
  if (ms >= 1) return ms;
  throw new UsageError(`${flag} must be a duration such as 15s or 500ms, got "${text}"`);
}

/** A duration, or 0 for never. */
function parseInterval(flag: string, text: string): number {
  return text === '0' ? 0 : parseLength(flag, text);
}
