import { istioCustomResourceDefinitions } from '../../../api/istio-crds.ts';
import { standardLabels } from '../labels.ts';
import { inScope, isOn, listAt } from '../value-tree.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Labels of upstream's static file, which it falls back to when the templates are off. */
const STATIC_LABELS = { app: 'istio-pilot', chart: 'istio', heritage: 'Tiller', release: 'istio' };

/** The definitions of Istio's own kinds. */
export function renderCustomResourceDefinitions(context: ChartContext): KubeObject[] {
  const { values } = context;
  if (!inScope(values, 'cluster')) return [];
  // Upstream ignores the exclusions when the templates are off; ours honours them in both cases.
  const templated = isOn(values, 'base.enableCRDTemplates') || context.form === 'sailwright';
  const excluded = templated ? listAt(values, 'base.excludedCRDs') : [];
  const labels = templated ? standardLabels(context, 'base') : STATIC_LABELS;
  return istioCustomResourceDefinitions()
    .filter((definition) => !excluded.includes(definition.metadata.name))
    .map((definition) => ({ ...definition, metadata: { ...definition.metadata, labels: { ...labels } } }));
}
