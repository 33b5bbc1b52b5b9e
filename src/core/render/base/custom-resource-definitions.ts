import { standardLabels } from '../labels.ts';
import { inScope, isOn, listAt } from '../../values/value-tree.ts';
import { readIstioDefinitions } from '../../istio-definitions.generated.ts';
import type { ChartContext } from '../chart.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

/** Labels of upstream's static file, which it falls back to when the templates are off. */
const STATIC_LABELS = { app: 'istio-pilot', chart: 'istio', heritage: 'Tiller', release: 'istio' };

/** A definition with its schema beside it instead of in each version. */
interface PackedDefinition extends KubeObject {
  spec: JsonObject & { versions: JsonObject[] };
  schema: JsonObject;
}

let unpacked: KubeObject[] | undefined;

/** Istio's definitions, which share one schema among their versions: never change them. */
function istioDefinitions(): KubeObject[] {
  unpacked ??= Object.values(readIstioDefinitions()).map(unpack);
  return unpacked;
}

function unpack(text: string): KubeObject {
  const { schema, spec, ...rest } = JSON.parse(text) as PackedDefinition;
  // Frozen trees are printed once.
  const versions = spec.versions.map((version) => ({ ...version, schema: Object.freeze(schema) }));
  return { ...rest, spec: { ...spec, versions } };
}

/** The definitions of Istio's own kinds. */
export function renderCustomResourceDefinitions(context: ChartContext): KubeObject[] {
  const { values } = context;
  if (!inScope(values, 'cluster')) return [];
  // Upstream ignores the exclusions when the templates are off; ours honours them in both cases.
  const templated = isOn(values, 'base.enableCRDTemplates') || context.form === 'sailwright';
  const excluded = templated ? listAt(values, 'base.excludedCRDs') : [];
  const labels = templated ? standardLabels(context, 'base') : STATIC_LABELS;
  return istioDefinitions()
    .filter((definition) => !excluded.includes(definition.metadata.name))
    .map((definition) => ({ ...definition, metadata: { ...definition.metadata, labels: { ...labels } } }));
}
