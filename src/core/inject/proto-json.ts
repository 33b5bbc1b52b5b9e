import type { z } from 'zod';
import { decodeMessage } from '../../api/proto/decode-message.ts';
import { printProtoDuration, type Duration } from '../../api/proto/duration.ts';
import { enumNames, messageTraits, protoMeta, type MessageSchema } from '../../api/proto/message-schema.ts';
import { unwrap } from '../../api/unwrap.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { formatProblem } from '../problem.ts';
import { compareBytes } from './go-json.ts';
import { InjectionError } from './template-context.ts';

type Schema = z.core.$ZodType;

/**
 * A protobuf message in canonical protojson form: camelCase names in the order of the schema, enums by name, durations
 * in seconds, nothing that protobuf cannot tell from unset. `keepZeros` keeps zero values of the message's own fields,
 * so that they can override. Unknown fields are left out, and of fields that exclude each other all but the last.
 * @throws InjectionError when a field has the wrong type; `path` names the message.
 */
export function protoForm(
  schema: MessageSchema,
  value: Json,
  { path, keepZeros = false }: { path: string; keepZeros?: boolean },
): JsonObject {
  const result = decodeMessage(schema, value, path, { keepsEmptyLists: keepZeros });
  if (!result.ok) throw new InjectionError(result.problems.map(formatProblem).join('; '));
  return messageForm(schema, result.value, keepZeros);
}

/** The message without fields of its own that hold zero; those of messages inside are gone already. */
export function withoutZeros(schema: MessageSchema, value: JsonObject): JsonObject {
  return messageForm(schema, value, false);
}

/** Takes what is decoded, and what is in canonical form already. */
function messageForm(wrapped: Schema, value: Readonly<Record<string, unknown>>, keepZeros: boolean): JsonObject {
  const schema = unwrap(wrapped) as z.core.$ZodObject;
  const inOneOf = new Set(messageTraits(schema)?.oneOfs.flat());
  const result: JsonObject = {};
  for (const [name, field] of Object.entries(schema._zod.def.shape)) {
    const item = value[name];
    if (item === undefined || item === null) continue;
    const form = valueForm(field, item);
    if (keepZeros || inOneOf.has(name) || isPresent(field, form)) result[name] = form;
  }
  return result;
}

function valueForm(wrapped: Schema, value: unknown): Json {
  const schema = unwrap(wrapped);
  if (protoMeta(schema).scalar !== undefined) return scalarForm(schema, value);
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array') return (value as unknown[]).map((item) => valueForm(def.element, item));
  const fields = value as Record<string, unknown>;
  return def.type === 'record' ? recordForm(def.valueType, fields) : messageForm(schema, fields, false);
}

function recordForm(schema: Schema, value: Readonly<Record<string, unknown>>): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort(compareBytes)) result[key] = valueForm(schema, value[key]);
  return result;
}

function scalarForm(schema: Schema, value: unknown): Json {
  const kind = protoMeta(schema).scalar;
  if (kind === 'duration') return typeof value === 'string' ? value : printProtoDuration(value as Duration);
  if (kind === 'int64' || kind === 'uint64') return String(value);
  if (kind === 'double' && !Number.isFinite(value)) return String(value);
  return value as Json;
}

/** Whether protobuf tells the value from an unset field. */
function isPresent(wrapped: Schema, value: Json): boolean {
  const schema = unwrap(wrapped);
  const { scalar, wrapped: hasMessage } = protoMeta(schema);
  if (hasMessage || scalar === 'duration' || scalar === 'struct') return true;
  if (scalar === 'enum') return value !== enumNames(schema).get(0);
  if (scalar !== undefined) return value !== '' && value !== 0 && value !== false && value !== '0';
  if (Array.isArray(value)) return value.length > 0;
  const isMap = (schema as z.core.$ZodTypes)._zod.def.type === 'record';
  return !isMap || (isJsonObject(value) && Object.keys(value).length > 0);
}
