import { decodeOutlined } from '../../api/proto/decode-outlined.ts';
import { printProtoDuration, type Duration } from '../../api/proto/duration.ts';
import type { MessageOutline, Outline, ScalarOutline } from '../../api/proto/outline.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { formatProblem } from '../problem.ts';
import { compareBytes } from './go-json.ts';
import { InjectionError } from './template-context.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A protobuf message in canonical protojson form: camelCase names in the order of the proto file, enums by name,
 * durations in seconds, nothing that protobuf cannot tell from unset. `keepZeros` keeps zero values of the message's own
 * fields, so that they can override. Unknown fields are left out, and of fields that exclude each other all but the last.
 * @throws InjectionError when a field has the wrong type; `path` names the message.
 */
export function protoForm(
  message: MessageOutline,
  value: Json,
  { path, keepZeros = false }: { path: string; keepZeros?: boolean },
): JsonObject {
  const result = decodeOutlined(message, value, path, { keepsEmptyLists: keepZeros });
  if (!result.ok) throw new InjectionError(result.problems.map(formatProblem).join('; '));
  return messageForm(message, result.value as Fields, keepZeros);
}

/** The message without fields of its own that hold zero; those of messages inside are gone already. */
export function withoutZeros(message: MessageOutline, value: JsonObject): JsonObject {
  return messageForm(message, value, false);
}

/** Takes what is decoded, and what is in canonical form already. */
function messageForm({ oneOfs, readFields }: MessageOutline, value: Fields, keepZeros: boolean): JsonObject {
  const inOneOf = new Set(oneOfs.flat());
  const result: JsonObject = {};
  for (const { name, read } of readFields()) {
    const item = value[name];
    if (item === undefined || item === null) continue;
    const outline = read();
    const form = valueForm(outline, item);
    if (keepZeros || inOneOf.has(name) || isPresent(outline, form)) result[name] = form;
  }
  return result;
}

function valueForm(outline: Outline, value: unknown): Json {
  switch (outline.form) {
    case 'scalar':
      return scalarForm(outline, value);
    case 'list':
      return (value as unknown[]).map((item) => valueForm(outline.element, item));
    case 'map':
      return mapForm(outline.value, value as Fields);
    case 'message':
      return messageForm(outline, value as Fields, false);
  }
}

function mapForm(outline: Outline, value: Fields): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort(compareBytes)) result[key] = valueForm(outline, value[key]);
  return result;
}

function scalarForm({ kind }: ScalarOutline, value: unknown): Json {
  if (kind === 'duration') return typeof value === 'string' ? value : printProtoDuration(value as Duration);
  if (kind === 'int64' || kind === 'uint64') return String(value);
  if (kind === 'double' && !Number.isFinite(value)) return String(value);
  return value as Json;
}

/** Whether protobuf tells the value from an unset field. */
function isPresent(outline: Outline, value: Json): boolean {
  switch (outline.form) {
    case 'scalar':
      return isScalarPresent(outline, value);
    case 'list':
      return Array.isArray(value) && value.length > 0;
    case 'map':
      return isJsonObject(value) && Object.keys(value).length > 0;
    case 'message':
      return true;
  }
}

function isScalarPresent({ kind, names, isWrapped }: ScalarOutline, value: Json): boolean {
  if (isWrapped || kind === 'duration' || kind === 'struct') return true;
  if (kind === 'enum') return value !== names.get(0);
  return value !== '' && value !== 0 && value !== false && value !== '0';
}
