import { isJsonObject } from '../../kube-object.ts';
import type { Json, JsonObject } from '../../kube-object.ts';
import { RenderError } from '../../render-error.ts';
import type { Form } from '../../components.ts';
import type { RenderingTraits } from '../../istio/traits.ts';
import { printed } from '../../values/value-tree.ts';
import type { ComponentInstance } from './component-instances.ts';
import { canonicalQuantity } from '../../../api/kubernetes/quantity.ts';
import { typedSetValue } from '../../values/set-flag.ts';
import { cloneJson } from '../../values/merge.ts';
import { PathError, getAt, mapAt, setAt } from '../../values/tree-path.ts';

/** The values tree as one component sees it: settings of its `spec.components` entry that charts read are put in. */
export function computeInstanceValues(
  tree: JsonObject,
  instance: ComponentInstance,
  by: { form: Form; traits: RenderingTraits },
): JsonObject {
  const values = cloneJson(mapAt(tree, ['spec', 'values']) ?? {});
  const put = (path: readonly string[], value: Json): void => putBelow(values, instance.traits.valuesPath, path, value);
  const { settings, traits } = instance;
  if (traits.many) putGateway(settings, put);
  if (by.traits.putsKubernetesSettingsIntoValues) putKubernetesSettings(instance, put);
  putImage(settings, put, by.form);
  return instance.component === 'Ztunnel' ? flattenZtunnel(values) : values;
}

/** An amount as Kubernetes writes it; undefined for none and for zero. What is no quantity is refused elsewhere. */
function cpuOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  const amount = canonicalQuantity(text) ?? text;
  return amount === '' || amount === '0' ? undefined : amount;
}

function putBelow(values: JsonObject, root: readonly string[], path: readonly string[], value: Json): void {
  try {
    setAt(values, [...root, ...path], value);
  } catch (error) {
    // Not every part of the values is checked by its type.
    if (!(error instanceof PathError)) throw error;
    throw new RenderError(`values.${root.join('.')}`, `${error.message}, and ${path.join('.')} is to be set in it`, {
      code: 'SettingUnfit',
    });
  }
}

type Put = (path: readonly string[], value: Json) => void;

function putGateway(settings: JsonObject, put: Put): void {
  put(['name'], settings['name'] ?? '');
  put(['labels'], gatewayLabels(settings['label'] ?? {}));
  const ports = getAt(settings, ['k8s', 'service', 'ports']);
  if (Array.isArray(ports) && ports.length > 0) put(['ports'], ports.map(servicePort));
}

/** Labels as Go's map of text reads them: null is empty. */
function gatewayLabels(labels: Json): Json {
  return isJsonObject(labels)
    ? Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value ?? '']))
    : labels;
}

/** A port as Kubernetes' own type writes it: the target is always there, with 0 for none. */
function servicePort(port: Json): Json {
  return isJsonObject(port)
    ? { ...cloneJson(port), port: port['port'] ?? 0, targetPort: port['targetPort'] ?? 0 }
    : port;
}

/** Settings of the workload that charts decide by. */
function putKubernetesSettings({ settings, traits }: ComponentInstance, put: Put): void {
  const k8s = mapAt(settings, ['k8s']) ?? {};
  if (traits.workload?.kind === 'Deployment') putReplicas(k8s, put);
  for (const part of ['limits', 'requests']) {
    const cpu = cpuOf(getAt(k8s, ['resources', part, 'cpu']));
    if (cpu !== undefined) put(['resources', part, 'cpu'], cpu);
  }
}

/** Budgets and autoscalers are rendered or not by these numbers, so charts must see them. */
function putReplicas(k8s: JsonObject, put: Put): void {
  const min = getAt(k8s, ['hpaSpec', 'minReplicas']);
  const max = getAt(k8s, ['hpaSpec', 'maxReplicas']);
  const count = k8s['replicaCount'];
  if (typeof min === 'number') put(['autoscaleMin'], min);
  if (typeof max === 'number' && max > 0) put(['autoscaleMax'], max);
  if (typeof count === 'number' && count > 0) put(['replicaCount'], count);
}

function putImage(settings: JsonObject, put: Put, form: Form): void {
  const { hub, tag } = settings;
  const typed = (text: string): Json => (form === 'upstream' ? typedSetValue(text) : text);
  if (typeof hub === 'string' && hub !== '') put(['hub'], typed(hub));
  if (tag !== undefined && tag !== null) put(['tag'], typed(printed(tag)));
}

/** The ztunnel chart stands alone: it wants its settings at the top, and only scalars and lists of the others'. */
function flattenZtunnel(values: JsonObject): JsonObject {
  const own = values['ztunnel'];
  if (!isJsonObject(own)) return values;
  const flat: JsonObject = { global: values['global'] ?? null };
  for (const [key, value] of Object.entries(values)) {
    if (!isJsonObject(value)) flat[key] = value;
  }
  return { ...flat, ...own };
}
