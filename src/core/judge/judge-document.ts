import { findingOf, type Finding } from '../problem.ts';
import type { JsonObject } from '../kube-object.ts';
import { adviseAvailability } from '../render/availability-advice.ts';
import type { RenderOptions } from '../render/index.ts';
import { render } from '../render/render.ts';
import { isIstioOperator } from './is-istio-operator.ts';
import { identityOf, judgeName, judgeResource, type Judgement, type ResourceJudgedBy } from './judge-resource.ts';

/** What stands around an object that may be an IstioOperator. */
export interface JudgedBy extends ResourceJudgedBy {
  /** What was asked for; an IstioOperator else says its release itself. */
  asked?: string;
  /** Hub and tag in the place of those that Istio publishes. */
  defaults: NonNullable<RenderOptions['defaults']>;
}

/** As judgeResource, with what the operator says of IstioOperators. */
export function judgeDocument(object: JsonObject, by: JudgedBy): Judgement | undefined {
  if (!isIstioOperator(object)) return judgeResource(object, by);
  return { ...identityOf(object, by), findings: [...judgeName(object), ...judgeOperator(object, by)] };
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
