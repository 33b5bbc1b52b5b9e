import {
  PROXY_CONTAINER,
  REWRITE_PROBES_ANNOTATION,
  STATUS_ANNOTATION,
  STATUS_PORT_ANNOTATION,
} from '../../api/istio-names.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { parseBool } from './annotations.ts';
import { allContainers, annotationsOf, envOf, findProxy, nameOf, replaceContainer, withEnv } from './containers.ts';
import { compareBytes, escapeHtml, goStructJson } from './go-json.ts';
import type { Pod } from './template-context.ts';
/** Tells the agent of the application's probes. */
export const PROBERS_ENV = 'ISTIO_KUBE_APP_PROBERS';

const PROBES = [
  ['readinessProbe', 'readyz'],
  ['livenessProbe', 'livez'],
  ['startupProbe', 'startupz'],
] as const;
const HOOKS = [
  ['preStop', 'prestopz'],
  ['postStart', 'poststartz'],
] as const;
/** The checks that the agent takes over; `exec` and `sleep` stay with the kubelet. */
const PROBE_CHECKS = ['httpGet', 'tcpSocket', 'grpc'] as const;
const HOOK_CHECKS = ['httpGet', 'tcpSocket'] as const;
const STRUCTS = { httpGet: 'HTTPGetAction', tcpSocket: 'TCPSocketAction', grpc: 'GRPCAction' } as const;

/** Probes by the agent's path, each as JSON text. */
type Probers = Map<string, string>;

/** Whether probes are sent through the agent: the annotation, else the mesh's setting. */
export function areProbesRewritten(annotations: Readonly<Record<string, string>>, setting: boolean): boolean {
  return parseBool(annotations[REWRITE_PROBES_ANNOTATION] ?? '') ?? setting;
}

/** Sends probes and hooks of the application through the agent, which the mesh's encryption does not keep out. */
export function rewriteProbes(pod: Pod, { setting, statusPort }: { setting: boolean; statusPort: number }): Pod {
  const proxy = findProxy(pod.spec);
  const annotations = annotationsOf(pod);
  if (!proxy || !areProbesRewritten(annotations, setting)) return pod;
  const probers = appProbersText(pod, statusPort);
  const injectedBefore = annotations[STATUS_ANNOTATION] !== undefined;
  const told = probers === '' ? proxy : withProbers(proxy, probers, injectedBefore);
  return redirectProbes(replaceContainer(pod, proxy, told), statusPort);
}

/** The probes of the application as ISTIO_KUBE_APP_PROBERS holds them; empty text when there are none. */
export function appProbersText(pod: Pod, statusPort: number): string {
  const probers = appProbers(pod, statusPort);
  return probers.size === 0 ? '' : textOf(probers);
}

function appProbers(pod: Pod, statusPort: number): Probers {
  const probers: Probers = new Map();
  for (const container of allContainers(pod.spec)) {
    if (container.name === PROXY_CONTAINER) continue;
    for (const { url, action, timeout } of probesOf(container)) {
      const prober = proberText(action, { timeout, container, statusPort });
      if (prober !== undefined) probers.set(url, prober);
    }
  }
  return probers;
}

interface AppProbe {
  url: string;
  action: JsonObject;
  timeout: Json | undefined;
}

function probesOf(container: JsonObject): AppProbe[] {
  const name = nameOf(container);
  const found: AppProbe[] = [];
  for (const [field, word] of PROBES) {
    const probe = container[field];
    if (isJsonObject(probe))
      found.push({ url: `/app-health/${name}/${word}`, action: probe, timeout: probe.timeoutSeconds });
  }
  const lifecycle = container.lifecycle;
  for (const [field, word] of isJsonObject(lifecycle) ? HOOKS : []) {
    const hook = isJsonObject(lifecycle) ? lifecycle[field] : undefined;
    if (isJsonObject(hook))
      found.push({ url: `/app-lifecycle/${name}/${word}`, action: { ...hook, grpc: undefined }, timeout: undefined });
  }
  return found;
}

interface ProberContext {
  timeout: Json | undefined;
  container: JsonObject;
  statusPort: number;
}

function proberText(action: JsonObject, { timeout, container, statusPort }: ProberContext): string | undefined {
  const check = PROBE_CHECKS.find((name) => isJsonObject(action[name]));
  if (check === undefined) return undefined;
  const target = resolved(check, action[check] as JsonObject, { container, statusPort });
  if (!target) return undefined;
  const suffix = typeof timeout === 'number' && timeout !== 0 ? `,"timeoutSeconds":${timeout}` : '';
  return `{"${check}":${goStructJson(target, STRUCTS[check])}${suffix}}`;
}

/** The check with a number for its port; undefined when the port is unknown, or the agent's own. */
function resolved(
  check: (typeof PROBE_CHECKS)[number],
  action: JsonObject,
  { container, statusPort }: { container: JsonObject; statusPort: number },
): JsonObject | undefined {
  if (check === 'grpc') return action;
  const port = action.port;
  if (port === statusPort) return undefined;
  if (typeof port !== 'string') return action;
  const ports = Array.isArray(container.ports) ? container.ports.filter(isJsonObject) : [];
  const named = ports.findLast((candidate) => candidate.name === port && port !== '');
  return named ? { ...action, port: named.containerPort ?? 0 } : undefined;
}

function textOf(probers: Probers): string {
  const entries = [...probers].sort(([a], [b]) => compareBytes(a, b));
  return `{${entries.map(([url, text]) => `${escapeHtml(JSON.stringify(url))}:${text}`).join(',')}}`;
}

/** The proxy told of the probes; what an earlier injection told it stays and wins. */
export function withProbers(proxy: JsonObject, probers: string, injectedBefore: boolean): JsonObject {
  const env = envOf(proxy);
  const at = injectedBefore ? env.findIndex(({ name }) => name === PROBERS_ENV) : -1;
  if (at < 0) return withEnv(proxy, PROBERS_ENV, probers);
  const [earlier, later] = [parsedProbers(env[at]?.value), parsedProbers(probers)];
  if (!earlier || !later) return proxy;
  const merged = new Map([...later, ...earlier]);
  return { ...proxy, env: env.with(at, { name: PROBERS_ENV, value: textOf(merged) }) };
}

/** Probers of an earlier injection; undefined when the text cannot be read. */
function parsedProbers(text: Json | undefined): Probers | undefined {
  let value: unknown;
  try {
    value = JSON.parse(typeof text === 'string' ? text : '');
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  return new Map(Object.entries(value).map(([url, prober]) => [url, reformatted(prober ?? null)]));
}

function reformatted(prober: Json): string {
  if (!isJsonObject(prober)) return 'null';
  const fields = PROBE_CHECKS.flatMap((check) => {
    const action = prober[check];
    return isJsonObject(action) ? [`"${check}":${goStructJson(action, STRUCTS[check])}`] : [];
  });
  if (typeof prober.timeoutSeconds === 'number') fields.push(`"timeoutSeconds":${prober.timeoutSeconds}`);
  return `{${fields.join(',')}}`;
}

/** The pod whose probes and hooks ask the agent. */
export function redirectProbes(pod: Pod, statusPort: number): Pod {
  const port = redirectPort(annotationsOf(pod)[STATUS_PORT_ANNOTATION], statusPort);
  const spec = { ...pod.spec };
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = spec[list];
    if (Array.isArray(containers))
      spec[list] = containers.map((container) => redirectContainer(container as JsonObject, port));
  }
  return { ...pod, spec };
}

/** The annotation's port; like Go's Atoi, text that is no plain number counts as 0. */
export function redirectPort(annotation: string | undefined, statusPort: number): number {
  if (annotation === undefined) return statusPort;
  return /^[+-]?\d+$/.test(annotation) ? Number(annotation) : 0;
}

/** The container whose probes ask the agent at that port; the same one when it has none. */
export function redirectContainer(container: JsonObject, port: number): JsonObject {
  if (container.name === PROXY_CONTAINER) return container;
  const name = nameOf(container);
  let result = container;
  for (const [field, word] of PROBES) {
    const probe = container[field];
    const changed = isJsonObject(probe)
      ? redirectedCheck(probe, PROBE_CHECKS, { path: `/app-health/${name}/${word}`, port })
      : probe;
    if (changed !== probe) result = { ...result, [field]: changed };
  }
  const lifecycle = container.lifecycle;
  if (!isJsonObject(lifecycle)) return result;
  const hooks = { ...lifecycle };
  for (const [field, word] of HOOKS) {
    const hook = lifecycle[field];
    if (isJsonObject(hook))
      hooks[field] = redirectedCheck(hook, HOOK_CHECKS, { path: `/app-lifecycle/${name}/${word}`, port });
  }
  return { ...result, lifecycle: hooks };
}

function redirectedCheck(
  probe: JsonObject,
  checks: readonly (typeof PROBE_CHECKS)[number][],
  { path, port }: { path: string; port: number },
): JsonObject {
  const check = checks.find((name) => isJsonObject(probe[name]));
  if (check === undefined) return probe;
  if (check !== 'httpGet') {
    const rest = { ...probe };
    delete rest[check];
    return { ...rest, httpGet: { path, port } };
  }
  const action = probe.httpGet as JsonObject;
  const scheme = action.scheme === 'HTTPS' ? { scheme: 'HTTP' } : {};
  return { ...probe, httpGet: { ...action, path, port, ...scheme } };
}
