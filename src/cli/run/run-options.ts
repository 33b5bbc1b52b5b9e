import { parseArgs } from 'node:util';
import { CONTROL_PLANE_LABEL } from '../../api/our-names.ts';
import { durationMillis, parseDuration } from '../../api/proto/duration.ts';
import { USUAL_NAMESPACE } from '../../core/authorize/placement.ts';
import { PRIVILEGED_SETTINGS_FLAG } from '../../core/authorize/refusal.ts';
import { isDnsLabel } from '../../core/validate/rules/dns-label.ts';
import type { OperatorOptions } from '../../operator/operator-options.ts';
import type { LogLevel } from '../../telemetry/log.ts';
import { UsageError } from '../shell/usage-error.ts';

export const RUN_HELP = `Usage: sailwright run [flags]

Runs the operator: in a pod, or beside a cluster that a kubeconfig names.

  --namespace NAME         namespace of the leader Lease (POD_NAMESPACE, else sailwright-system)
  --kubeconfig FILE        kubeconfig to use (KUBECONFIG, else ~/.kube/config, else the pod's ServiceAccount)
  --metrics-port PORT      port of /metrics (8080)
  --health-port PORT       port of /healthz and /readyz (8081)
  --webhook-port PORT     port of the admission webhooks (9443)
  --webhook-host HOST     address that they listen on (all)
  --webhook-url URL       https://HOST:PORT by which the API server calls them, instead of their Service
  --certificate-directory DIR  serve with tls.crt, tls.key and ca.crt in DIR, as cert-manager makes them; without it
                          the operator makes its own certificate
  --leader-elect BOOL      only the holder of the Lease writes (true)
  --lease-duration TIME    how long others wait for a silent leader (15s)
  --lease-renew-deadline TIME  a leader that cannot renew for this long gives up (10s)
  --lease-retry-period TIME    time between two attempts (2s)
  --analysis-interval TIME  time between two looks for mistakes across resources; 0 turns them off (5m)
  --admission-analysis BOOL  warn, when a resource is applied, of mistakes that it makes together with others (true)
  --control-plane-namespaces LIST  namespaces, beside istio-system and those with the label
                          ${CONTROL_PLANE_LABEL}=true, that may hold IstioOperators and control planes
  --allow-privileged-settings BOOL  apply overlays and settings that reach roles, service accounts, host access or
                          where webhooks lead (false)
  --log-level LEVEL        debug, info, warn or error (info)
`;

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

const FLAGS = {
  namespace: { type: 'string' },
  kubeconfig: { type: 'string' },
  'metrics-port': { type: 'string', default: '8080' },
  'health-port': { type: 'string', default: '8081' },
  'webhook-port': { type: 'string', default: '9443' },
  'webhook-host': { type: 'string' },
  'webhook-url': { type: 'string' },
  'certificate-directory': { type: 'string' },
  'leader-elect': { type: 'string', default: 'true' },
  'lease-duration': { type: 'string', default: '15s' },
  'lease-renew-deadline': { type: 'string', default: '10s' },
  'lease-retry-period': { type: 'string', default: '2s' },
  'analysis-interval': { type: 'string', default: '5m' },
  'admission-analysis': { type: 'string', default: 'true' },
  'control-plane-namespaces': { type: 'string', default: '' },
  'allow-privileged-settings': { type: 'string', default: 'false' },
  'log-level': { type: 'string', default: 'info' },
} as const;

/** Reads the flags of `sailwright run`; throws UsageError. */
export function parseRunOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): OperatorOptions {
  const values = parseFlags(args);
  const options: OperatorOptions = {
    namespace: values.namespace ?? env['POD_NAMESPACE'] ?? 'sailwright-system',
    kubeconfig: values.kubeconfig,
    metricsPort: parsePort('--metrics-port', values['metrics-port']),
    healthPort: parsePort('--health-port', values['health-port']),
    webhookPort: parsePort('--webhook-port', values['webhook-port']),
    webhookHost: values['webhook-host'],
    webhookUrl: parseWebhookUrl(values['webhook-url']),
    certificateDirectory: values['certificate-directory'],
    leaderElect: parseBoolean('--leader-elect', values['leader-elect']),
    leaseDurationMs: parseLength('--lease-duration', values['lease-duration']),
    renewDeadlineMs: parseLength('--lease-renew-deadline', values['lease-renew-deadline']),
    retryPeriodMs: parseLength('--lease-retry-period', values['lease-retry-period']),
    analysisIntervalMs: parseInterval('--analysis-interval', values['analysis-interval']),
    analysesAdmissions: parseBoolean('--admission-analysis', values['admission-analysis']),
    controlPlaneNamespaces: parseNamespaces('--control-plane-namespaces', values['control-plane-namespaces']),
    allowsPrivilegedSettings: parseBoolean(PRIVILEGED_SETTINGS_FLAG, values['allow-privileged-settings']),
    logLevel: parseLevel(values['log-level']),
  };
  if (options.renewDeadlineMs >= options.leaseDurationMs) {
    throw new UsageError('--lease-renew-deadline must be shorter than --lease-duration, or two replicas could lead');
  }
  if (options.retryPeriodMs >= options.renewDeadlineMs) {
    throw new UsageError('--lease-retry-period must be shorter than --lease-renew-deadline');
  }
  return options;
}

function parseFlags(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'] {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parsePort(flag: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text.trim() !== '') return port;
  throw new UsageError(`${flag} must be a port from 0 to 65535, got "${text}"`);
}

/** The API server takes https only, without user, query or fragment. */
function parseWebhookUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isPlain = url && url.username === '' && url.search === '' && url.hash === '';
  if (isPlain && url.protocol === 'https:') return text.replace(/\/+$/, '');
  throw new UsageError(`--webhook-url must be https://HOST:PORT, got "${text}"`);
}

function parseBoolean(flag: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`${flag} must be true or false, got "${text}"`);
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

function parseLevel(text: string): LogLevel {
  const level = LEVELS.find((candidate) => candidate === text);
  if (level) return level;
  throw new UsageError(`--log-level must be one of ${LEVELS.join(', ')}, got "${text}"`);
}
