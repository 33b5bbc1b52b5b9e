import { ISTIO_OPERATOR } from '../../api/install/istio-operator.ts';
import type { IstioRelease } from '../istio/release.ts';
import { groupOf, isJsonObject, type JsonObject } from '../kube-object.ts';
import { findingOf, type Finding } from '../problem.ts';
import { adviseAvailability } from '../render/availability-advice.ts';
import type { RenderOptions } from '../render/index.ts';
import { render } from '../render/render.ts';
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
export interface JudgedBy {
  /** Where objects without a namespace belong. */
  defaultNamespace: string;
  /** The release of Istio that is to read what is Istio's. */
  release: IstioRelease;
  /** What was asked for; an IstioOperator else says its release itself. */
  asked?: string;
  /** Hub and tag in the place of those that Istio publishes. */
  defaults: NonNullable<RenderOptions['defaults']>;
}

/**
 * What a cluster with Istio's definitions and the operator says of an object; undefined for what is not Istio's. Kinds
 * of Istio's that no cluster serves are errors.
 */
export function judgeDocument(object: JsonObject, by: JudgedBy): Judgement | undefined {
  const { defaultNamespace } = by;
  const nameFault = findObjectNameFault(object);
  const named = nameFault ? [nameFault] : [];
  const unserved = findUnservedKind(object);
  if (unserved) return { ...identityOf(object, defaultNamespace), findings: [unserved] };
  if (isOperator(object)) {
    return { ...identityOf(object, defaultNamespace), findings: [...named, ...judgeOperator(object, by)] };
  }
  const verdict = predictAdmission(object, by);
  if (!verdict) return undefined;
  const { kind, namespace, name, findings, advice } = verdict;
  return { kind, namespace, name, findings: [...named, ...findings, ...advice] };
}

function isOperator({ apiVersion, kind }: JsonObject): boolean {
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
  return kind === ISTIO_OPERATOR.kind && group === ISTIO_OPERATOR.group;
}

function judgeOperator(object: JsonObject, { asked, defaults }: JudgedBy): Finding[] {
  const version = asked === undefined ? {} : { istioVersion: asked };
  const result = render({ documents: [object] }, { form: 'sailwright', defaults, ...version });
  const advice = result.ok ? adviseAvailability(result.value) : [];
  const problems = result.ok ? [] : result.problems;
  return [
    ...problems.map((problem) => findingOf(problem, 'error')),
    ...[...result.warnings, ...advice].map((warning) => findingOf(warning, 'warning')),
  ];
}

function identityOf({ kind, metadata }: JsonObject, defaultNamespace: string): Omit<Judgement, 'findings'> {
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { kind: text(kind), namespace: text(namespace) || defaultNamespace, name: text(name) };
}
