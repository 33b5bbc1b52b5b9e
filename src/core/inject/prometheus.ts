import type { InjectionTraits } from '../istio/traits.ts';
import type { JsonObject } from '../kube-object.ts';
import { parseBool } from './annotations.ts';
import { annotationsOf, envOf, envVar, findProxy, replaceContainer, withAnnotations } from './containers.ts';
import { escapeHtml } from './go-json.ts';
import { PROXY_PORTS } from './proxy-ports.ts';
import { InjectionError, type Pod } from './template-context.ts';

const MERGE_ANNOTATION = 'prometheus.istio.io/merge-metrics';
const SECURE_PORT_ANNOTATION = 'prometheus.istio.io/secure-port';
const SECURE_PORT_ENV = 'ENVOY_SECURE_MERGED_METRICS_PORT';
const SCRAPE_ENV = 'ISTIO_PROMETHEUS_ANNOTATIONS';
const METRICS_PATH = '/stats/prometheus';

/** Prometheus reads every character outside of letters, digits and `_` as `_`, so these are keys in any spelling. */
const KEYS = {
  scrape: 'prometheus_io_scrape',
  path: 'prometheus_io_path',
  port: 'prometheus_io_port',
  targets: 'prometheus_istio_io_scrape_targets',
  securePort: 'prometheus_istio_io_secure_port',
} as const;
const MERGED_KEYS: ReadonlySet<string> = new Set([KEYS.scrape, KEYS.path, KEYS.port]);

/** One place from which the agent takes the application's metrics. */
export interface ScrapeTarget {
  port: string;
  path: string;
}

/** What the pod's annotations ask Prometheus to scrape. */
export interface ScrapeConfiguration {
  scrape: string;
  path: string;
  port: string;
  targets: ScrapeTarget[];
}

/** What decides about scraping beside the pod. */
export interface ScrapeSettings {
  mesh: JsonObject;
  /** Port of the agent. */
  statusPort: number;
  traits: InjectionTraits;
}

/** Whether metrics are merged: the annotation, else the mesh, else yes. */
export function isPrometheusMerged(mesh: JsonObject, annotations: Readonly<Record<string, string>>): boolean {
  const own = annotations[MERGE_ANNOTATION];
  return (own === undefined ? undefined : parseBool(own)) ?? mesh.enablePrometheusMerge !== false;
}

/** How Prometheus is pointed to the agent. */
export interface AgentScrape {
  /** All of the pod. */
  annotations: Record<string, string>;
  /** Tells the agent where the application's metrics are, if there are any. */
  variable: JsonObject | undefined;
}

/**
 * Points Prometheus to the agent, which serves the metrics of proxy and application as one, and tells the agent where
 * the application's are.
 * @throws InjectionError for a port that cannot be scraped.
 */
export function mergePrometheus(pod: Pod, settings: ScrapeSettings): Pod {
  const scrape = scrapeByAgent(annotationsOf(pod), settings);
  if (!scrape) return pod;
  const { annotations, variable } = scrape;
  const proxy = findProxy(pod.spec);
  const told = proxy && variable ? replaceContainer(pod, proxy, { ...proxy, env: [...envOf(proxy), variable] }) : pod;
  return { ...told, metadata: { ...told.metadata, annotations } };
}

/** What changes so that the agent is scraped; undefined when nothing does. @throws InjectionError */
export function scrapeByAgent(
  annotations: Readonly<Record<string, string>>,
  { mesh, statusPort, traits }: ScrapeSettings,
): AgentScrape | undefined {
  if (!isScraped(annotations) || !isPrometheusMerged(mesh, annotations)) return undefined;
  if (valueOf(annotations, KEYS.port) === String(statusPort)) return undefined;
  const scrape = scrapeConfiguration(annotations, traits);
  const [first] = scrape.targets;
  const effective = first ? { ...scrape, port: first.port, path: first.path } : scrape;
  if (traits.checksScrapePorts) checkPorts(effective, statusPort);
  return {
    annotations: {
      ...withoutScrape(annotations, traits),
      'prometheus.io/port': String(statusPort),
      'prometheus.io/path': METRICS_PATH,
      'prometheus.io/scrape': 'true',
    },
    variable: isBlank(effective) ? undefined : envVar(SCRAPE_ENV, textOf(effective)),
  };
}

/** Announces the port of the merged metrics with TLS, if the proxy has one and the pod does not say otherwise. */
export function announceSecurePort(pod: Pod): Pod {
  const added = securePortAnnotation(annotationsOf(pod), envOf(findProxy(pod.spec) ?? {}));
  return added ? withAnnotations(pod, added) : pod;
}

/** The annotation that announces the port which these variables of the proxy name, if there is one to announce. */
export function securePortAnnotation(
  annotations: Readonly<Record<string, string>>,
  env: readonly JsonObject[],
): Record<string, string> | undefined {
  if (valueOf(annotations, KEYS.securePort) !== undefined) return undefined;
  const port = env.find(
    ({ name, value }) => name === SECURE_PORT_ENV && value !== undefined && value !== '' && value !== '0',
  )?.value;
  return typeof port === 'string' ? { [SECURE_PORT_ANNOTATION]: port } : undefined;
}

/** The pod without annotations that an earlier injection made for the agent's port. */
export function withoutAgentScrape(pod: Pod, { statusPort, traits }: ScrapeSettings): Pod {
  if (valueOf(annotationsOf(pod), KEYS.port) !== String(statusPort)) return pod;
  return { ...pod, metadata: { ...pod.metadata, annotations: withoutScrape(annotationsOf(pod), traits) } };
}

function withoutScrape(
  annotations: Readonly<Record<string, string>>,
  { mergesScrapeTargets }: InjectionTraits,
): Record<string, string> {
  const isMerged = (key: string): boolean => MERGED_KEYS.has(key) || (mergesScrapeTargets && key === KEYS.targets);
  const kept: Record<string, string> = {};
  for (const name in annotations) {
    if (!name.startsWith('prometheus') || !isMerged(sanitized(name))) kept[name] = annotations[name] ?? '';
  }
  return kept;
}

function sanitized(key: string): string {
  return key.replace(/[^a-zA-Z0-9_]/gu, '_');
}

function valueOf(annotations: Readonly<Record<string, string>>, key: string): string | undefined {
  for (const name in annotations) {
    if (name.startsWith('prometheus') && sanitized(name) === key) return annotations[name];
  }
  return undefined;
}

function isScraped(annotations: Readonly<Record<string, string>>): boolean {
  for (const name in annotations) {
    if (!name.startsWith('prometheus') || sanitized(name) !== KEYS.scrape) continue;
    const scrape = parseBool(annotations[name] ?? '');
    if (scrape !== undefined) return scrape;
  }
  return true;
}

/** What the annotations ask for; targets that cannot be read count as none. */
export function scrapeConfiguration(
  annotations: Readonly<Record<string, string>>,
  { mergesScrapeTargets }: InjectionTraits,
): ScrapeConfiguration {
  return {
    scrape: valueOf(annotations, KEYS.scrape) ?? '',
    path: valueOf(annotations, KEYS.path) ?? '',
    port: valueOf(annotations, KEYS.port) ?? '',
    targets: (mergesScrapeTargets && parseTargets(valueOf(annotations, KEYS.targets) ?? '')) || [],
  };
}

/** `8080:/metrics,9100` as targets; undefined when an entry has no port. */
function parseTargets(text: string): ScrapeTarget[] | undefined {
  const targets: ScrapeTarget[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const colon = entry.indexOf(':');
    const port = (colon < 0 ? entry : entry.slice(0, colon)).trim();
    const path = colon < 0 ? '' : entry.slice(colon + 1).trim();
    if (port === '') return undefined;
    targets.push({ port, path: path === '' ? '/metrics' : path });
  }
  return targets;
}

function isBlank({ scrape, path, port, targets }: ScrapeConfiguration): boolean {
  return scrape === '' && path === '' && port === '' && targets.length === 0;
}

function textOf({ scrape, path, port, targets }: ScrapeConfiguration): string {
  return escapeHtml(JSON.stringify({ scrape, path, port, ...(targets.length > 0 ? { targets } : {}) }));
}

function checkPorts({ port, targets }: ScrapeConfiguration, statusPort: number): void {
  const [name, ports] =
    targets.length > 0
      ? ['prometheus.istio.io/scrape-targets', targets.map((target) => target.port)]
      : ['prometheus.io/port', port === '' ? [] : [port]];
  for (const text of ports) {
    const problem = portProblem(text, statusPort);
    if (problem !== undefined) throw new InjectionError(`annotation ${name}: port ${JSON.stringify(text)} ${problem}`);
  }
}

function portProblem(text: string, statusPort: number): string | undefined {
  const port = /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) return 'is no number from 1 to 65535';
  if (port === statusPort) return 'is the port of the agent, which would scrape itself';
  const use = PROXY_PORTS[port];
  return use === undefined ? undefined : `belongs to the proxy (${use}); name a port of the application`;
}
