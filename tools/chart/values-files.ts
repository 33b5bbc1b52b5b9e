import * as z from 'zod';
import { isMap, parseDocument, stringify, type YAMLMap } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/kube-object.ts';
import { chartValues } from './chart-values.ts';

/** `values.schema.json`: Helm refuses what does not fit before anything is rendered. */
export function renderValuesSchema(): string {
  return `${JSON.stringify(schemaOf(), null, 2)}\n`;
}

function schemaOf(): JsonObject {
  // Every value has a default, so what users may leave out is the form of the input.
  return closed(z.toJSONSchema(chartValues, { target: 'draft-7', io: 'input' }) as JsonObject);
}

/** Maps with listed keys take no others: a misspelled value would do nothing. */
function closed(schema: JsonObject): JsonObject {
  const { properties } = schema;
  if (!isJsonObject(properties)) return schema;
  const entries = Object.entries(properties).map(([key, value]) => [key, isJsonObject(value) ? closed(value) : value]);
  return { ...schema, properties: Object.fromEntries(entries) as JsonObject, additionalProperties: false };
}

/** `values.yaml`: the defaults, each with what it is for. */
export function renderDefaultValues(repository?: string): string {
  const image = repository === undefined ? {} : { repository };
  const document = parseDocument(stringify(chartValues.parse({ image }), { lineWidth: 0 }));
  if (isMap(document.contents)) comment(document.contents, schemaOf(), 0);
  return `# Generated from tools/chart of the project, which has the schema of all values.\n${document.toString({ lineWidth: 0 })}`;
}

function comment(map: YAMLMap, schema: JsonObject, depth: number): void {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonObject>;
  for (const [index, { key, value }] of map.items.entries()) {
    const named = key as { value: string; commentBefore?: string; spaceBefore?: boolean };
    const property = properties[named.value];
    if (!property) continue;
    if (typeof property['description'] === 'string') named.commentBefore = ` ${property['description']}`;
    if (depth === 0 && index > 0) named.spaceBefore = true;
    if (isMap(value)) comment(value, property, depth + 1);
  }
}

/** One row of the table of values. */
export interface ValueRow {
  path: string;
  value: Json;
  description: string;
}

/** All values with their defaults, leaf by leaf. */
export function listValues(): ValueRow[] {
  return rowsOf(schemaOf(), chartValues.parse({}) as unknown as JsonObject, '');
}

function rowsOf(schema: JsonObject, defaults: JsonObject, prefix: string): ValueRow[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, JsonObject>).flatMap(([key, property]) => {
    const path = `${prefix}${key}`;
    const value = defaults[key];
    if (value === undefined) return [];
    if (property['properties'] !== undefined && isJsonObject(value)) return rowsOf(property, value, `${path}.`);
    const description = typeof property['description'] === 'string' ? property['description'] : '';
    return [{ path, value, description }];
  });
}
