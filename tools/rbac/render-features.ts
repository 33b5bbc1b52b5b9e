import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import { formatProblem } from '../../src/core/problem.ts';
import type { Form } from '../../src/core/components.ts';
import { render } from '../../src/core/render/render.ts';

/** Everything that one IstioOperator document renders. */
export function renderDocument(document: JsonObject, form: Form = 'sailwright'): KubeObject[] {
  const result = render({ documents: [document] }, { form });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.value.components.flatMap(({ objects }) => objects);
}
