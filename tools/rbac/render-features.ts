import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import { formatProblem } from '../../src/core/problem.ts';
import type { Form } from '../../src/core/components.ts';
import { render } from '../../src/core/render/render.ts';
import { ISTIO_1_31 } from '../../src/core/values/istio-1.31/index.ts';

/** Everything that one IstioOperator document renders. */
export function renderDocument(document: JsonObject, form: Form = 'sailwright'): KubeObject[] {
  const defaults = { hub: ISTIO_1_31.defaultHub, tag: ISTIO_1_31.defaultTag };
  const result = render({ documents: [document] }, { form, defaults });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.value.components.flatMap(({ objects }) => objects);
}
