import { standardLabels } from '../labels.ts';
import { keepText } from '../manifest-text.ts';
import { inScope, isOn, listAt } from '../../values/value-tree.ts';
import { readIstioDefinitions } from '../../istio-definitions.generated.ts';
import type { ChartContext } from '../chart.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';
import { makeSchemaTexts } from './schema-texts.ts';

/** Labels of upstream's static file, which it falls back to when the templates are off. */
const STATIC_LABELS = { app: 'istio-pilot', chart: 'istio', heritage: 'Tiller', release: 'istio' };

type Definition = KubeObject & { spec: JsonObject & { versions: JsonObject[] } };

let unpacked: KubeObject[] | undefined;
let schemaTexts: ReturnType<typeof makeSchemaTexts> | undefined;

/** Istio's definitions, which share one schema among their versions: never change them. */
function istioDefinitions(): KubeObject[] {
  unpacked ??= Object.entries(readIstioDefinitions()).map(([name, { definition, schema }]) => {
    const { spec, ...rest } = JSON.parse(definition) as Definition;
    const shared = lateSchema(name, schema);
    return { ...rest, spec: { ...spec, versions: spec.versions.map((version) => ({ ...version, schema: shared })) } };
  });
  return unpacked;
}

/** Reads a schema when somebody looks into it: to print it is not to look, and most who print do nothing else. */
function lateSchema(name: string, text: string): JsonObject {
  let read: JsonObject | undefined;
  const schema = Object.freeze({
    get openAPIV3Schema(): Json | undefined {
      read ??= JSON.parse(text) as JsonObject;
      return read['openAPIV3Schema'];
    },
  });
  keepText(schema, () => (schemaTexts ??= makeSchemaTexts())[name]);
  return schema;
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
