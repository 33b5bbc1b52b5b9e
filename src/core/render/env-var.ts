import type { ChartContext } from './chart.ts';
import { bareLabel } from './labels.ts';
import { printed, sortedEntries } from '../values/value-tree.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';

/** An environment variable with a literal value. */
export function envValue(name: string, value: Json): JsonObject {
  return { name, value };
}

/** An environment variable read from a field of the pod. */
export function envFromField(name: string, fieldPath: string): JsonObject {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** The same with the API version spelled out, which the API server would otherwise fill in. */
export function envFromVersionedField(name: string, fieldPath: string): JsonObject {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

/** An environment variable read from a resource request or limit of the container. */
export function envFromResource(name: string, resource: string): JsonObject {
  return { name, valueFrom: { resourceFieldRef: { resource, divisor: '1' } } };
}

/**
 * The environment with every name once, as the API server wants it. What the user set counts over what the chart sets,
 * and of what the user set the last. Upstream's form keeps duplicates.
 */
export function withoutDuplicates(context: ChartContext, env: Json[], set: readonly Json[]): Json[] {
  if (context.form === 'upstream') return env;
  const byName = new Map(set.map((variable) => [nameOf(variable), variable]));
  return env.filter((variable) => {
    const name = nameOf(variable);
    return name === undefined || (byName.get(name) ?? variable) === variable;
  });
}

function nameOf(variable: Json): Json | undefined {
  return isJsonObject(variable) ? variable['name'] : undefined;
}

/** Variables of a `name: value` map, sorted by name. Values are text, names are typed as upstream types them. */
export function envFromMap(context: ChartContext, map: JsonObject): JsonObject[] {
  return sortedEntries(map).map(([key, value]) => ({ name: bareLabel(context, key), value: printed(value) }));
}
