import type { CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { decide, explainDecision } from '../../core/inject/decide.ts';
import { inject } from '../../core/inject/inject.ts';
import { findUnselected, injectionWebhooksOf, type PodWebhook } from '../../core/inject/injection-webhooks.ts';
import type { Pod } from '../../core/inject/template-context.ts';
import { createdPodOf, type CreatedPod } from '../../core/inject/workload-pods.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { LocalInjection } from './inject-config.ts';
import type { TextDocument } from './inject-documents.ts';

/** One pod or workload to be explained. */
export interface Explained {
  /** `Deployment default/web`. */
  title: string;
  pod: Pod;
  namespace: string;
  /** Undefined when nobody knows the namespace. */
  namespaceLabels: Readonly<Record<string, string>> | undefined;
  namespaceAnnotations?: Readonly<Record<string, string>>;
  /** What is written where nobody reads it. */
  notes?: readonly string[];
}

/** What a pod is judged by. */
export interface Judges {
  webhooks: readonly PodWebhook[];
  configOf: (webhook: PodWebhook | undefined) => CompiledInjectionConfig | { problem: string };
}

/** Labels and annotations that the injector and its webhooks read from pods. */
const READ_FROM_PODS = /^(istio\.io\/(rev|dataplane-mode)$|([a-z.]+\.)?(sidecar|inject|proxy|prometheus)\.istio\.io\/)/;

const MARKS = { yes: '+', no: '-', none: ' ' } as const;
const MAX_NAME = 24;

function line(mark: keyof typeof MARKS, name: string, text: string): string {
  return `  ${MARKS[mark]} ${name.padEnd(MAX_NAME)} ${text}`;
}

/** Why the pod gets a sidecar or does not: first whether the webhook is asked, then what the injector decides. */
export function explainPod(subject: Explained, judges: Judges): string {
  const selection = explainSelection(subject, judges.webhooks);
  const config = judges.configOf(selection.webhook);
  const { pod, namespace } = subject;
  const isInjected = !('problem' in config) && decide(pod, namespace, config).inject;
  const steps = 'problem' in config ? [] : explainDecision(pod, namespace, config);
  const lines = [
    subject.title,
    ...(subject.notes ?? []).map((note) => line('none', 'note', note)),
    ...selection.lines,
    ...('problem' in config ? ['The injector', line('no', 'configuration', config.problem)] : []),
    ...(steps.length > 0 ? ['The injector, rule by rule'] : []),
    ...steps.map(({ rule, finding, decided }) => {
      const mark = !decided ? 'none' : isInjected ? 'yes' : 'no';
      return line(mark, rule, finding);
    }),
  ];
  return `${[...lines, `=> ${verdict(subject, selection, config)}`].join('\n')}\n`;
}

interface Selection {
  webhook: PodWebhook | undefined;
  /** False: the API server does not ask the injector. Undefined: it cannot be told. */
  isSelected: boolean | undefined;
  lines: string[];
}

function explainSelection({ namespace, namespaceLabels, pod }: Explained, webhooks: readonly PodWebhook[]): Selection {
  if (webhooks.length === 0) return { webhook: undefined, isSelected: undefined, lines: [] };
  const heading = `The API server asks the injector for it when one of these selects it`;
  if (!namespaceLabels) {
    const text = `the labels of namespace ${namespace} are not known here: put the Namespace into the file`;
    return { webhook: undefined, isSelected: undefined, lines: [heading, line('none', 'namespace', text)] };
  }
  const target = { namespace, namespaceLabels, podLabels: pod.metadata.labels ?? {} };
  const looked = webhooks.map((webhook) => ({ webhook, cause: findUnselected(webhook, target) }));
  const selecting = looked.find(({ cause }) => cause === undefined)?.webhook;
  const lines = looked.map(({ webhook, cause }) =>
    line(cause === undefined ? 'yes' : 'none', shortName(webhook), cause ?? 'selects it'),
  );
  return { webhook: selecting, isSelected: selecting !== undefined, lines: [heading, ...lines] };
}

/** `namespace` of `istio-sidecar-injector`; the common end of all names says nothing. */
function shortName({ configuration, name }: PodWebhook): string {
  const revision = configuration.replace(/^istio-(sidecar-injector|revision-tag)-?/, '');
  const entry = name.replace(/\.sidecar-injector\.istio\.io$/, '');
  return revision === '' ? entry : `${entry} (${revision})`;
}

type Config = CompiledInjectionConfig | { problem: string };

function verdict(
  { pod, namespace, namespaceAnnotations }: Explained,
  { isSelected }: Selection,
  config: Config,
): string {
  const notAsked = 'the API server does not ask the injector';
  const hint = `${notAsked}. Label the namespace istio-injection=enabled or istio.io/rev=REVISION`;
  if ('problem' in config) return isSelected === false ? `no sidecar: ${hint}` : `refused: ${config.problem}`;
  const result = inject({ pod, namespace, ...(namespaceAnnotations ? { namespaceAnnotations } : {}) }, config);
  if (isSelected === false && result.outcome !== 'skipped') return `no sidecar: ${hint}`;
  if (result.outcome === 'denied') return `refused (${result.reason}): ${result.message}`;
  const { reason, message } = result.decision;
  if (result.outcome === 'skipped') {
    return `no sidecar (${reason}): ${message}${isSelected === false ? `; ${notAsked}` : ''}`;
  }
  return `sidecar${isSelected === undefined ? ' if the API server asks' : ''} (${reason}): ${message}`;
}

/** Explains every workload of a file. Namespaces are known from the file itself and from the configuration. */
export function explainDocuments(
  documents: readonly TextDocument[],
  injection: LocalInjection,
  fallbackNamespace = 'default',
): string {
  const objects = documents.flatMap(({ value }) => (value ? objectsOf(value) : []));
  const config = injection.compile('pods');
  const judges: Judges = {
    webhooks: injection.webhooks.flatMap((webhook) => injectionWebhooksOf(webhook)),
    configOf: () => config,
  };
  const texts = objects.flatMap((object) => {
    const created = createdPodOf(object);
    if (!created) return [];
    const metadata = isJsonObject(object.metadata) ? object.metadata : {};
    const text = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);
    const namespace = text(metadata.namespace, fallbackNamespace);
    const annotations = injection.namespaces.find(({ name }) => name === namespace)?.annotations;
    const subject: Explained = {
      title: `${text(object.kind, '')} ${namespace}/${text(metadata.name, text(metadata.generateName, '(no name)'))}`,
      pod: created.pod,
      notes: notesOn(created),
      namespace,
      namespaceLabels: labelsOfNamespace(objects, namespace),
      ...(annotations ? { namespaceAnnotations: annotations } : {}),
    };
    return [explainPod(subject, judges)];
  });
  return texts.length > 0 ? texts.join('\n') : 'there is no pod and no workload in this file\n';
}

/** Labels and annotations of Istio that stand on the workload, while pods get those of the pod template only. */
function notesOn({ pod, path, outer }: CreatedPod): string[] {
  return outer.flatMap(({ path: outerPath, metadata }) =>
    (['labels', 'annotations'] as const).flatMap((field) => {
      const written = metadata[field];
      if (!isJsonObject(written)) return [];
      return Object.entries(written)
        .filter(([key, value]) => READ_FROM_PODS.test(key) && pod.metadata[field]?.[key] !== value)
        .map(([key]) => `${outerPath}.${field}[${key}] does not reach the pods: write it to ${path}.${field}`);
    }),
  );
}

function objectsOf(object: JsonObject): JsonObject[] {
  return object.kind === 'List' && Array.isArray(object.items)
    ? object.items.filter(isJsonObject).flatMap(objectsOf)
    : [object];
}

function labelsOfNamespace(objects: readonly JsonObject[], name: string): Record<string, string> | undefined {
  const found = objects.find(
    ({ kind, metadata }) => kind === 'Namespace' && isJsonObject(metadata) && metadata.name === name,
  );
  if (!found) return undefined;
  return (found as unknown as KubeObject).metadata.labels ?? {};
}
