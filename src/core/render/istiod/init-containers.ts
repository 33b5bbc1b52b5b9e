import { RenderError } from '../../render-error.ts';
import { RELEASE_NAME } from '../labels.ts';
import { isJsonObject } from '../../kube-object.ts';
import { str, valueAt } from '../../values/value-tree.ts';
import type { ChartContext } from '../chart.ts';
import type { Json } from '../../kube-object.ts';

const EXPRESSION = /\{\{-?\s*(.*?)\s*-?\}\}/g;

/** What one expression in a text stands for: a value, or a fact about the release. */
function resolveExpression(context: ChartContext, expression: string): string {
  const value = /^\$?\.Values((?:\.[\w]+)+)$/.exec(expression)?.[1];
  if (value !== undefined) return str(context.values, value.slice(1));
  if (expression === '.Release.Namespace') return context.namespace;
  if (expression === '.Release.Name') return RELEASE_NAME;
  throw new RenderError('values.pilot.initContainers', `holds the template expression {{ ${expression} }}`, {
    code: 'SettingUnfit',
    hint: 'only {{ .Values.path }}, {{ .Release.Namespace }} and {{ .Release.Name }} are known here: write the value instead',
  });
}

function resolved(context: ChartContext, value: Json): Json {
  if (typeof value === 'string')
    return value.replace(EXPRESSION, (_, expression: string) => resolveExpression(context, expression));
  if (Array.isArray(value)) return value.map((item) => resolved(context, item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(context, item ?? null)]));
}

/** Init containers of istiod; their texts may name values, because images often repeat the hub. */
export function computeInitContainers(context: ChartContext): Json {
  return resolved(context, valueAt(context.values, 'initContainers') ?? null);
}
