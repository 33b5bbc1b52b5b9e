import { canonicalQuantity } from '../../api/kubernetes/quantity.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';

/** The pod template of a workload; undefined for everything that has none. */
export function podTemplateOf({ spec }: KubeObject): JsonObject | undefined {
  const template = isJsonObject(spec) ? spec['template'] : undefined;
  return isJsonObject(template) ? template : undefined;
}

/** The labels of a pod template. */
export function templateLabels(object: KubeObject): Record<string, Json> {
  const metadata = podTemplateOf(object)?.['metadata'];
  const labels = isJsonObject(metadata) ? metadata['labels'] : undefined;
  return isJsonObject(labels) ? (labels as Record<string, Json>) : {};
}

/** The object with these labels of its pod template in place of those that it has. */
export function withTemplateLabels(object: KubeObject, labels: Record<string, Json>): KubeObject {
  const template = podTemplateOf(object);
  if (!template || !isJsonObject(object['spec'])) return object;
  const metadata = isJsonObject(template['metadata']) ? template['metadata'] : {};
  const spec = { ...object['spec'], template: { ...template, metadata: { ...metadata, labels } } };
  return { ...object, spec };
}

/** Fields by which items of the lists in a pod template are told apart. */
const KEYS = ['name', 'mountPath', 'containerPort', 'topologyKey'] as const;
/** Maps of quantities, which the API server writes in its own way: 1000m as 1. */
const QUANTITIES = new Set(['limits', 'requests', 'divisor', 'sizeLimit', 'storage']);

/**
 * Whether everything that is wanted is so in the live value already. What the live one has beyond it does not count:
 * defaults of the API server, and what others set.
 */
export function isContained(wanted: unknown, live: unknown, field = ''): boolean {
  if (isNothing(wanted)) return isNothing(live);
  if (Array.isArray(wanted)) return Array.isArray(live) && isListContained(wanted, live);
  if (isJsonObject(wanted)) {
    if (!isJsonObject(live)) return false;
    const of = QUANTITIES.has(field) ? () => 'divisor' : (key: string) => key;
    return Object.entries(wanted).every(([key, value]) => isContained(value, live[key], of(key)));
  }
  return wanted === live || (QUANTITIES.has(field) && quantity(wanted) === quantity(live));
}

function isListContained(wanted: readonly unknown[], live: readonly unknown[]): boolean {
  return wanted.every((item, index) => {
    const key = isJsonObject(item) ? KEYS.find((name) => item[name] !== undefined) : undefined;
    if (!isJsonObject(item) || key === undefined)
      return wanted.length === live.length && isContained(item, live[index]);
    return live.some((other) => isJsonObject(other) && other[key] === item[key] && isContained(item, other));
  });
}

/** Empty values are not stored. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isNothing);
}

function quantity(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : undefined;
}
