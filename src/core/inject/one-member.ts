import type { z } from 'zod';
import { camelCase, unwrap } from '../../api/decode.ts';
import { traitsOf } from '../../api/field-types.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';

type Schema = z.core.$ZodType;

/**
 * The message with one field of each group of which one may be set: the one that is declared last, which is what
 * istiod's reader is left with. We refuse such a message where it is applied; one that is in force must still be read.
 */
export function withOneMember(wrapped: Schema, value: Json): Json {
  const schema = unwrap(wrapped);
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array' && Array.isArray(value)) return value.map((item) => withOneMember(def.element, item));
  if (!isJsonObject(value)) return value;
  if (def.type === 'record') return mapped(value, () => def.valueType);
  return def.type === 'object' ? messageWithOne(schema as z.core.$ZodObject, value) : value;
}

function messageWithOne(schema: z.core.$ZodObject, value: JsonObject): JsonObject {
  const { shape } = schema._zod.def;
  const fields = new Map(Object.entries(shape).map(([name, field]) => [camelCase(name), field]));
  const result = mapped(value, (key) => fields.get(camelCase(key)));
  const keysOf = (member: string): string[] =>
    Object.keys(result).filter((key) => camelCase(key) === member && result[key] !== null);
  for (const group of traitsOf(schema).oneOf) {
    const set = group.filter((member) => keysOf(member).length > 0);
    for (const key of set.slice(0, -1).flatMap(keysOf)) delete result[key];
  }
  return result;
}

function mapped(value: JsonObject, schemaOf: (key: string) => Schema | undefined): JsonObject {
  const entries = Object.entries(value).map(([key, item]) => {
    const schema = schemaOf(key);
    return [key, schema && item !== undefined ? withOneMember(schema, item) : item];
  });
  return Object.fromEntries(entries) as JsonObject;
}
