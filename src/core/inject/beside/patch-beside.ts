import { PROXY_CONTAINER, STATUS_ANNOTATION, STATUS_PORT_ANNOTATION } from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import { selectTemplates } from '../apply-templates.ts';
import { CLUSTER_ENV, NETWORK_ENV, NETWORK_LABEL } from '../cluster-env.ts';
import type { CompiledInjectionConfig } from '../compile-injection-config.ts';
import { computePatch } from '../compute-patch.ts';
import * as containers from '../containers.ts';
import { compareBytes } from '../go-json.ts';
import { isProxyFirst } from '../hold-application.ts';
import { OVERRIDES_ANNOTATION } from '../overrides.ts';
import { operationText } from '../patch-text.ts';
import type { PreparedPod } from '../prepare-injection.ts';
import { appProbersText, areProbesRewritten, PROBERS_ENV, redirectContainer, redirectPort } from '../probes.ts';
import { scrapeByAgent, securePortAnnotation } from '../prometheus.ts';
import type { Pod } from '../template-context.ts';
import { podEnv } from '../templates/sidecar-env.ts';
import { dividedParts } from '../templates/sidecar-parts.ts';
import { sidecar, sidecarMetadata } from '../templates/sidecar.ts';
import { templateInput, type TemplateInput } from '../templates/template-input.ts';
import { mapPatch } from './map-patch.ts';
import { addText, elementsOf, NAMED_LISTS, podTexts, PROXY, type SidecarTexts } from './sidecar-texts.ts';

type Strings = Readonly<Record<string, string>>;

const { annotationsOf, containersOf, envVar } = containers;
/** Containers that have a place of their own in a pod. */
const PLACED: ReadonlySet<unknown> = new Set([
  PROXY_CONTAINER,
  containers.INIT_CONTAINER,
  containers.VALIDATION_CONTAINER,
  containers.CORE_DUMP_CONTAINER,
]);

/**
 * The JSON patch that injects the built-in sidecar into a pod that has nothing by the name of something in it, as
 * nearly all have: then merging is adding, and the patch is put together from texts that are made once. Undefined for
 * every other pod, which goes the long way; the result is the same.
 * @throws InjectionError where the long way does, too
 */
export function patchBeside(prepared: PreparedPod, original: Pod, config: CompiledInjectionConfig): string | undefined {
  const { pod, typed, context, envs } = prepared;
  if (!isUsual(prepared, original, config)) return undefined;
  const input = templateInput(context);
  const texts = podTexts(dividedParts(input), config.revision);
  if (!texts || !standsAlone(pod.spec, texts)) return undefined;
  const metadata = sidecarMetadata(input);
  const scraped = scrape({ ...annotationsOf(pod), ...metadata.annotations }, texts, config);
  const probes = rewriteProbes(pod, scraped.annotations, config);
  const proxy = proxyText(input, texts, { envs, told: [...scraped.told, ...probes.told] });
  const network = envs[NETWORK_ENV];
  const labels = {
    ...pod.metadata.labels,
    ...metadata.labels,
    ...(network !== undefined && { [NETWORK_LABEL]: network }),
  };
  const annotations = { ...scraped.annotations, [STATUS_ANNOTATION]: texts.status, ...config.injectedAnnotations };
  const operations = [
    ...typing(original, typed),
    ...probes.operations,
    ...mapPatch('/metadata/labels', pod.metadata.labels, labels),
    ...mapPatch('/metadata/annotations', pod.metadata.annotations, annotations),
    ...initOperations(pod.spec, texts, proxy),
    ...(texts.isNative ? [] : [proxyOperation(pod.spec, proxy, isProxyFirst(pod, config))]),
    ...listOperations(pod.spec, texts),
  ];
  return `[${operations.join(',')}]`;
}

/** Whether the pod asks for one sidecar, which was not injected before. */
function isUsual({ pod, typed, envs }: PreparedPod, original: Pod, config: CompiledInjectionConfig): boolean {
  if (pod.spec !== typed.spec || original.metadata?.namespace === '') return false;
  const annotations = annotationsOf(pod);
  if (annotations[STATUS_ANNOTATION] !== undefined || annotations[OVERRIDES_ANNOTATION] !== undefined) return false;
  // A path can name any variable.
  for (const name in envs) if (name !== CLUSTER_ENV && name !== NETWORK_ENV) return false;
  const [template = '', ...more] = selectTemplates(pod, config);
  return more.length === 0 && config.templates.get(template) === sidecar;
}

/** What makes of the pod what Kubernetes' types make of it: mostly nothing. */
function typing(original: Pod, typed: Pod): string[] {
  if (typed === original) return [];
  const patch = computePatch(original as unknown as JsonObject, typed as unknown as JsonObject);
  return patch.map(operationText);
}

/** Whether no two elements have one name, in the pod and in what is added. */
function standsAlone(spec: JsonObject, { added }: SidecarTexts): boolean {
  const names = new Set<unknown>(PLACED);
  let count = PLACED.size;
  for (const list of ['containers', 'initContainers'] as const) {
    for (const { name } of containersOf(spec, list)) {
      names.add(name);
      count += 1;
    }
  }
  if (names.size !== count) return false;
  return NAMED_LISTS.every((list) => areApart(elementsOf(spec, list), added[list].names));
}

function areApart(own: readonly JsonObject[], added: readonly string[]): boolean {
  const names = new Set<unknown>(added);
  for (const { name } of own) names.add(name);
  return names.size === own.length + added.length;
}

/** What the agent is told, as variables of its container. */
type Told = readonly JsonObject[];

function scrape(
  annotations: Record<string, string>,
  { env }: SidecarTexts,
  config: CompiledInjectionConfig,
): { annotations: Record<string, string>; told: Told } {
  const byAgent = scrapeByAgent(annotations, config);
  const all = byAgent?.annotations ?? annotations;
  const secure = config.traits.announcesSecurePort ? securePortAnnotation(all, env) : undefined;
  return { annotations: { ...all, ...secure }, told: byAgent?.variable ? [byAgent.variable] : [] };
}

function rewriteProbes(
  pod: Pod,
  annotations: Strings,
  { rewriteProbes: setting, statusPort }: CompiledInjectionConfig,
): { operations: string[]; told: Told } {
  if (!areProbesRewritten(annotations, setting)) return { operations: [], told: [] };
  const probers = appProbersText(pod, statusPort);
  const port = redirectPort(annotations[STATUS_PORT_ANNOTATION], statusPort);
  const operations: string[] = [];
  for (const list of ['containers', 'initContainers'] as const) {
    containersOf(pod.spec, list).forEach((container, i) => {
      const redirected = redirectContainer(container, port);
      if (redirected === container) return;
      const patch = computePatch(container, redirected, `/spec/${list}/${i}`);
      operations.push(...patch.map(operationText));
    });
  }
  return { operations, told: probers === '' ? [] : [envVar(PROBERS_ENV, probers)] };
}

function proxyText(input: TemplateInput, texts: SidecarTexts, { envs, told }: { envs: Strings; told: Told }): string {
  const own = podEnv(input);
  const [first, second, third, last] = texts.envTexts(envs);
  const start = `${first}${variablesText(own.beforeWorkload)}${second}${variablesText(own.beforeTelemetry)}`;
  const cluster = Object.keys(envs)
    .sort(compareBytes)
    .map((name) => envVar(name, envs[name] ?? ''));
  const end = `${third}${variablesText(own.last)}${last}${variablesText(cluster)}${variablesText(told)}`;
  return `${texts.frame},"resources":${texts.resources},"env":[${`${start}${end}`.slice(1)}]}`;
}

/** Each with a comma before it. */
function variablesText(variables: readonly JsonObject[]): string {
  let text = '';
  for (const { name, value } of variables) {
    text += `,{"name":"${name as string}"`;
    text += typeof value === 'string' && value !== '' ? `,"value":${JSON.stringify(value)}}` : '}';
  }
  return text;
}

function proxyOperation(spec: JsonObject, proxy: string, isFirst: boolean): string {
  return addText(`/spec/containers/${isFirst ? 0 : containersOf(spec, 'containers').length}`, proxy);
}

function initOperations(spec: JsonObject, { init }: SidecarTexts, proxy: string): string[] {
  const own = containersOf(spec, 'initContainers').length;
  const before = init.before.map((text) => (text === PROXY ? proxy : text));
  const path = '/spec/initContainers';
  if (own > 0) {
    const first = before.length + own;
    return [
      ...before.map((text, i) => addText(`${path}/${i}`, text)),
      ...init.after.map((text, i) => addText(`${path}/${first + i}`, text)),
    ];
  }
  const all = [...before, ...init.after];
  return all.length === 0 ? [] : [addText(path, `[${all.join(',')}]`)];
}

function listOperations(spec: JsonObject, { added }: SidecarTexts): string[] {
  return NAMED_LISTS.flatMap((list) => {
    const { names, operations, list: whole } = added[list];
    if (names.length === 0) return [];
    return spec[list] === undefined ? [addText(`/spec/${list}`, whole)] : [operations];
  });
}
