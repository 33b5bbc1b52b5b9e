// The injection corpus: pods by the webhook, files by kube-inject, and single calls of the real webhook.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import {
  compileInjectionConfig,
  type CompiledInjectionConfig,
} from '../../src/core/inject/compile-injection-config.ts';
import type { PatchOperation } from '../../src/core/inject/compute-patch.ts';
import { inject } from '../../src/core/inject/inject.ts';
import { patchPod } from '../../src/core/inject/patch-pod.ts';
import type { InjectionRequest } from '../../src/core/inject/prepare-injection.ts';
import type { InjectionConfig, InjectionEnvironment } from '../../src/core/inject/injection-config.ts';
import {
  injectionConfigOf,
  type InjectionConfigFile,
  type InjectionNamespace,
} from '../../src/core/inject/injection-config-file.ts';
import { fileInjectionConfig, injectDocument } from '../../src/core/inject/kube-inject.ts';
import { podOfDocument } from '../../src/core/inject/workload-pods.ts';
import { InjectionError, type Pod } from '../../src/core/inject/template-context.ts';
import type { Json, JsonObject } from '../../src/core/kube-object.ts';
import { podTemplates } from '../../src/core/render/istiod/injector-templates/index.ts';
import { applyPatch } from '../builders/apply-patch.ts';
import { CORPORA, corpusOf } from './corpora.ts';
import { firstDifference, pruned } from './compare.ts';

/** The release that the first corpus was made with; later patches quote annotations. */
export const CORPUS_RELEASE = CORPORA.first.release;

/** What injects: the builders, or their text as an injector that is not ours reads it. */
export type Templates = 'builders' | 'text';

export interface InjectionCase {
  name: string;
  /** undefined when the result is exact. */
  difference: string | undefined;
}

/** `config.yaml` of a case. */
interface CaseConfig extends InjectionConfigFile {
  meshConfigIsNil?: boolean;
  kubeInjectError?: string;
  /** The expected file is a pod's, which the webhook's answer covers. */
  expectedIsGoldenFileOnly?: boolean;
}

interface Answer {
  allowed: boolean;
  skipped?: boolean;
  pod?: JsonObject;
}

/** All cases of a folder in the form of `corpus/injection`. */
export function injectionCases(folder: string, templates: Templates = 'builders'): InjectionCase[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => casesOf(`${folder}/${name}`, name, templates));
}

function casesOf(folder: string, name: string, templates: Templates): InjectionCase[] {
  const config = parse(readFileSync(`${folder}/config.yaml`, 'utf8')) as CaseConfig;
  const pods = JSON.parse(readFileSync(`${folder}/webhook.json`, 'utf8')) as {
    request: WebhookRequest;
    response: Answer;
  }[];
  const cases = pods.map(({ request, response }, i) => ({
    name: `${name} pod ${i}`,
    difference: guarded(() => podDifference(request, response, compiled(config, 'pods', templates), config)),
  }));
  if (templates === 'text' || config.meshConfigIsNil || config.expectedIsGoldenFileOnly) return cases;
  return [...cases, { name: `${name} file`, difference: guarded(() => fileDifference(folder, config)) }];
}

function guarded(run: () => string | undefined): string | undefined {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function compiled(
  config: CaseConfig,
  use: 'pods' | 'files',
  templates: Templates = 'builders',
): CompiledInjectionConfig {
  const result = compiledWith({ ...injectionConfigOf(config, use), version: CORPUS_RELEASE }, templates);
  // Without any mesh configuration there is no status port either.
  return config.meshConfigIsNil ? { ...result, statusPort: 0 } : result;
}

/** With `text`, every template is one of the configuration's own. */
function compiledWith(config: InjectionConfig, templates: Templates): CompiledInjectionConfig {
  const result = compileInjectionConfig(config);
  if (templates === 'builders') return result;
  const texts = podTemplates(result.traits);
  const custom = config.templates ?? (config.values.sidecarInjectorWebhook as JsonObject | undefined)?.templates ?? {};
  return compileInjectionConfig({ ...config, templates: { ...texts, ...(custom as Record<string, string>) } });
}

interface WebhookRequest {
  namespace: string;
  path: string;
  pod: Pod;
}

function podDifference(
  { namespace, path, pod }: WebhookRequest,
  expected: Answer,
  config: CompiledInjectionConfig,
  { namespaces }: CaseConfig,
): string | undefined {
  const known = namespaces?.find(({ name }) => name === (pod.metadata.namespace ?? namespace));
  return answerDifference({ pod, namespace, path, ...annotationsOf(known) }, expected, config);
}

function annotationsOf(namespace: InjectionNamespace | undefined): Pick<InjectionRequest, 'namespaceAnnotations'> {
  return namespace?.annotations ? { namespaceAnnotations: namespace.annotations } : {};
}

function answerDifference(
  request: InjectionRequest,
  expected: Answer,
  config: CompiledInjectionConfig,
): string | undefined {
  const result = inject(request, config);
  const wanted = expected.skipped ? 'skipped' : expected.allowed ? 'injected' : 'denied';
  if (result.outcome !== wanted) {
    const why = result.outcome === 'denied' ? `: ${result.message}` : '';
    return `expected ${wanted}, got ${result.outcome}${why}`;
  }
  const patched = patchPod(request, config);
  if (result.outcome !== 'injected' || patched.outcome !== 'patched') {
    return patched.outcome === result.outcome ? undefined : `the patch is ${patched.outcome}, not ${result.outcome}`;
  }
  return podsDifference(expected.pod ?? {}, result.pod) ?? patchDifference(request, result.pod, patched.patch);
}

/** The webhook answers with a patch, which it makes without the whole pod where it can. */
function patchDifference({ pod }: InjectionRequest, injected: Pod, patch: string): string | undefined {
  const patched = applyPatch(pod as unknown as Json, JSON.parse(patch) as PatchOperation[]);
  const difference = firstDifference(injected as unknown as Json, patched);
  return difference === undefined ? undefined : `the patched pod is another one: ${difference}`;
}

function podsDifference(expected: JsonObject, actual: Pod): string | undefined {
  return firstDifference(pruned(expected), pruned(actual as unknown as JsonObject));
}

function fileDifference(folder: string, config: CaseConfig): string | undefined {
  const base = fileInjectionConfig(compiled(config, 'files'));
  const input = documents(`${folder}/input.yaml`);
  const results = input.map((document) => injectDocument(document, base));
  const denied = results.flatMap(({ workloads }) => workloads).find(({ result }) => result.outcome === 'denied');
  if (config.kubeInjectError !== undefined) return denied ? undefined : 'expected an error';
  if (denied?.result.outcome === 'denied') return `denied: ${denied.result.message}`;
  if (!existsSync(`${folder}/expected.yaml`)) return undefined;
  return podListDifference(
    documents(`${folder}/expected.yaml`),
    results.map(({ document }) => document),
  );
}

/** Only pods are compared: the rest of a document stays as it was written. */
function podListDifference(expected: JsonObject[], actual: JsonObject[]): string | undefined {
  const [wanted, got] = [expected.flatMap(podsOf), actual.flatMap(podsOf)];
  return firstDifference(pruned(wanted), pruned(got));
}

function podsOf(document: JsonObject): JsonObject[] {
  if (document['kind'] === 'List') return (document['items'] as JsonObject[]).flatMap(podsOf);
  const pod = podOfDocument(document);
  return pod ? [{ metadata: pod.metadata as JsonObject, spec: pod.spec }] : [];
}

function documents(path: string): JsonObject[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { version: '1.1', logLevel: 'silent' })
    .map((document) => document.toJS() as JsonObject | null)
    .filter((document) => document !== null);
}

/** One line of `injection-extra.jsonl`. */
interface ExtraCase {
  line: {
    id: string;
    pod: Pod;
    namespace: InjectionNamespace;
    meshConfig: JsonObject;
    values: JsonObject;
    revision: string;
    nodes: { name: string; kubeletVersion: string }[];
    env: InjectionEnvironment;
    path?: string;
    proxyConfigs?: { name: string; namespace: string; spec: JsonObject }[];
  };
  /** `setup` says why Istio was not even asked. */
  result: { pod?: JsonObject; denied?: boolean; skipped?: boolean; setup?: string };
}

/** All lines of `injection-extra.jsonl`. */
export function extraCases(file: string, templates: Templates = 'builders'): InjectionCase[] {
  const { release } = corpusOf(file);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((text) => JSON.parse(text) as ExtraCase)
    .filter(({ result }) => result.setup === undefined)
    .map((extra) => ({ name: extra.line.id, difference: guarded(() => extraDifference(extra, release, templates)) }));
}

function extraDifference({ line, result }: ExtraCase, version: string, templates: Templates): string | undefined {
  const answer: Answer = {
    allowed: result.denied !== true,
    ...(result.skipped ? { skipped: true } : {}),
    ...(result.pod ? { pod: result.pod } : {}),
  };
  const { pod, namespace, path = '' } = line;
  let config: CompiledInjectionConfig;
  try {
    config = compiledWith({ ...line, version, proxyConfigs: line.proxyConfigs ?? [] }, templates);
  } catch (error) {
    if (error instanceof InjectionError && result.denied) return undefined;
    throw error;
  }
  return answerDifference({ pod, namespace: namespace.name, path, ...annotationsOf(namespace) }, answer, config);
}
