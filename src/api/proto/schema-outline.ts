import type { z } from 'zod';
import { once } from '../once.ts';
import { onceForEach } from '../unwrap.ts';
import { enumNames, messageTraits, protoMeta } from './message-schema.ts';
import { snakeCase, type FieldOutline, type MessageOutline, type Outline } from './outline.ts';

type Schema = z.core.$ZodType;

/** What a reader must know of a schema. The same for the same schema. */
export const outlineOf: (schema: Schema) => Outline = onceForEach(build);

function build(schema: Schema): Outline {
  const { scalar: kind, wrapped: isWrapped = false } = protoMeta(schema);
  if (kind !== undefined) return { form: 'scalar', kind, names: enumNames(schema), isWrapped };
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array') return { form: 'list', element: outlineOf(def.element) };
  if (def.type === 'record') {
    return { form: 'map', value: outlineOf(def.valueType), isNumeric: protoMeta(schema).keys === 'uint32' };
  }
  if (def.type !== 'object') throw new Error(`a message cannot have a field of type ${def.type}`);
  return messageOutline(schema as z.core.$ZodObject);
}

function messageOutline(schema: z.core.$ZodObject): MessageOutline {
  const { oneOfs = [], name = '' } = messageTraits(schema) ?? {};
  return {
    form: 'message',
    name,
    oneOfs,
    readFields: once(() => Object.entries(schema._zod.def.shape).map(([field, inner]) => fieldOutline(field, inner))),
  };
}

function fieldOutline(name: string, inner: Schema): FieldOutline {
  const { protoName = snakeCase(name) } = protoMeta(unwrapOptional(inner));
  return { name, protoName, read: () => outlineOf(inner) };
}

/** The schema with the notes on the field, without the wrapper that makes it optional. */
function unwrapOptional(schema: Schema): Schema {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  return def.type === 'optional' ? def.innerType : schema;
}
