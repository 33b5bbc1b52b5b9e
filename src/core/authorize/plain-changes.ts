import { isEqual } from '../json-equality.ts';
import { isJsonObject, type Json, type KubeObject } from '../kube-object.ts';

type FieldPath = readonly string[];
const path = (dotted: string): FieldPath => dotted.split('.');

const METADATA = ['metadata.labels', 'metadata.annotations'].map(path);
const WORKLOAD = [
  'spec.replicas',
  'spec.minReadySeconds',
  'spec.strategy',
  'spec.updateStrategy',
  'spec.template.spec.affinity',
  'spec.template.spec.nodeSelector',
  'spec.template.spec.tolerations',
  'spec.template.spec.topologySpreadConstraints',
  'spec.template.spec.containers.*.resources',
].map(path);

/** By kind, the fields that say only how many there are, where they run and how large they may become. */
const PLAIN_FIELDS: Readonly<Record<string, readonly FieldPath[]>> = {
  Deployment: [...METADATA, ...WORKLOAD],
  DaemonSet: [...METADATA, ...WORKLOAD],
  HorizontalPodAutoscaler: [
    ...METADATA,
    ...['spec.minReplicas', 'spec.maxReplicas', 'spec.metrics', 'spec.behavior'].map(path),
  ],
  // What a control plane was rendered from, for people to read; what is made of it stands in other objects.
  ConfigMap: ['data.original-values', 'data.merged-values'].map(path),
  PodDisruptionBudget: [...METADATA, ...['spec.minAvailable', 'spec.maxUnavailable'].map(path)],
};

/**
 * Whether two states of one object differ at most in scale and place, which the right to change the IstioOperator
 * includes: no other right can be gained by them.
 */
export function isPlainChange(before: KubeObject, after: KubeObject): boolean {
  return isEqual(withoutPlain(before), withoutPlain(after));
}

function withoutPlain(object: KubeObject): Json {
  return (PLAIN_FIELDS[object.kind] ?? []).reduce<Json>(without, object as Json);
}

/** A copy without the field; `*` stands for every element of a list. */
function without(node: Json, [field, ...rest]: FieldPath): Json {
  if (field === '*') return Array.isArray(node) ? node.map((item) => without(item, rest)) : node;
  if (field === undefined || !isJsonObject(node)) return node;
  const { [field]: found, ...others } = node;
  if (found === undefined) return node;
  return rest.length === 0 ? others : { ...others, [field]: without(found, rest) };
}
