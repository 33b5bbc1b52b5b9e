import { fieldPath, itemPath } from '../../../api/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** What the API server adds to every schema at the top. */
const TOP_LEVEL: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The object as the API server stores it: without fields that the schema does not know, whose paths are put into
 * `unknown`, and without null where it is not allowed. The object given stays as it is.
 */
export function pruneObject(object: JsonObject, schema: StructuralSchema, unknown: string[]): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    const property = schema.properties?.[key];
    if (TOP_LEVEL.has(key)) kept[key] = value;
    else if (!property) unknown.push(key);
    else if (value !== null && value !== undefined) kept[key] = prune(value, property, key, unknown);
  }
  return kept;
}

function prune(value: Json, schema: StructuralSchema, path: string, unknown: string[]): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item, i) => prune(item, items, itemPath(path, i), unknown)) : value;
  }
  return isJsonObject(value) ? pruneFields(value, schema, path, unknown) : value;
}

function pruneFields(object: JsonObject, schema: StructuralSchema, path: string, unknown: string[]): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    const property = schemaOfField(schema, key);
    const at = fieldPath(path, key);
    if (value === undefined) continue;
    if (property) {
      if (value !== null || property.nullable === true) kept[key] = prune(value, property, at, unknown);
    } else if (schema['x-kubernetes-preserve-unknown-fields'] === true) kept[key] = value;
    else unknown.push(at);
  }
  return kept;
}

/** The schema of a field that is known, by its name or as an entry of a map. */
export function schemaOfField(
  { properties, additionalProperties }: StructuralSchema,
  key: string,
): StructuralSchema | undefined {
  return properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
}
