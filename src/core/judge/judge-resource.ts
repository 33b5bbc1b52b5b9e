import { isJsonObject, type JsonObject } from '../kube-object.ts';
import type { IstioRelease } from '../istio/release.ts';
import type { Finding } from '../problem.ts';
import { findObjectNameFault } from '../validate/object-name.ts';
import { predictAdmission } from '../validate/predict-admission.ts';
import { findUnservedKind } from '../validate/unserved-kind.ts';

/** One object, judged as a cluster would. */
export interface Judgement {
  kind: string;
  namespace: string;
  name: string;
  findings: Finding[];
}

/** What stands around an object. */
export interface ResourceJudgedBy {
  /** Where objects without a namespace belong. */
  defaultNamespace: string;
  /** The release of Istio that is to read what is Istio's. */
  release: IstioRelease;
}

/**
 * What a cluster with Istio's definitions says of an object; undefined for what is not Istio's. Kinds of Istio's that no
 * cluster serves are errors.
 */
export function judgeResource(object: JsonObject, by: ResourceJudgedBy): Judgement | undefined {
  const unserved = findUnservedKind(object);
  if (unserved) return { ...identityOf(object, by), findings: [unserved] };
  const verdict = predictAdmission(object, by);
  if (!verdict) return undefined;
  const { kind, namespace, name, findings, advice } = verdict;
  return { kind, namespace, name, findings: [...judgeName(object), ...findings, ...advice] };
}

/** What is wrong with the object's name. */
export function judgeName(object: JsonObject): Finding[] {
  const fault = findObjectNameFault(object);
  return fault ? [fault] : [];
}

export function identityOf(
  { kind, metadata }: JsonObject,
  { defaultNamespace }: Pick<ResourceJudgedBy, 'defaultNamespace'>,
): Omit<Judgement, 'findings'> {
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { kind: text(kind), namespace: text(namespace) || defaultNamespace, name: text(name) };
}
