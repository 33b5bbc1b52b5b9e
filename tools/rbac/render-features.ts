import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import { formatProblem, type Problem } from '../../src/core/problem.ts';
import { renderBase } from '../../src/core/render/base/index.ts';
import type { ChartRenderer, ComponentName, Form } from '../../src/core/render/chart.ts';
import { renderCni } from '../../src/core/render/cni/index.ts';
import { renderEgressGateway, renderIngressGateway } from '../../src/core/render/gateway/index.ts';
import { renderIstiod } from '../../src/core/render/istiod/index.ts';
import { renderZtunnel } from '../../src/core/render/ztunnel/index.ts';
import { computeChartContexts } from '../../src/core/values/chart-contexts.ts';
import { ISTIO_1_31 } from '../../src/core/values/istio-1.31/index.ts';
import { computeOperatorTree, mergeDocuments } from '../../src/core/values/operator-tree.ts';

const RENDERERS: Readonly<Record<ComponentName, ChartRenderer>> = {
  Base: renderBase,
  Pilot: renderIstiod,
  IngressGateways: renderIngressGateway,
  EgressGateways: renderEgressGateway,
  Cni: renderCni,
  Ztunnel: renderZtunnel,
};

/** Everything that one IstioOperator document renders, before patches and overlays, which change no rule. */
export function renderDocument(document: JsonObject, form: Form = 'sailwright'): KubeObject[] {
  const problems: Problem[] = [];
  const version = ISTIO_1_31;
  const user = mergeDocuments({ documents: [document] }, problems);
  const settings = { version, form, hub: version.defaultHub, tag: version.defaultTag };
  const tree = computeOperatorTree(user, settings, problems);
  if (!tree || problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  const kubeVersion = `v1.${version.oldestKubeMinor}.0`;
  const contexts = computeChartContexts(tree, { version, form, chartVersion: version.defaultTag, kubeVersion });
  return contexts.flatMap(({ instance, context }) => RENDERERS[instance.component](context));
}
