import { scalarDecoder, type ScalarDecoder } from '../../../api/proto/decode-scalar.ts';
import { parseDuration } from '../../../api/proto/duration.ts';
import { fieldPath, itemPath, shorten } from '../../../api/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import { fieldsOf, valuesOf, type FieldKind, type MessageField, type TypeName } from './message-types.ts';

/** What came up while a value was read as a message of Envoy's. */
export interface EnvoyMessageFindings {
  /** The first thing that cannot be read; nothing after it was looked at. */
  error?: EnvoyMessageProblem;
  /** Fields that the message does not have: perhaps of a newer Envoy. */
  unknownFields: EnvoyMessageProblem[];
}

export interface EnvoyMessageProblem {
  path: string;
  message: string;
}

const MAX_DEPTH = 100;
const FLOAT_MAX = 3.4028234663852886e38;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[-+]\d{2}:\d{2})$/;
const WRAPPED: Readonly<Record<string, FieldKind>> = {
  'google.protobuf.BoolValue': 'bool',
  'google.protobuf.BytesValue': 'bytes',
  'google.protobuf.DoubleValue': 'double',
  'google.protobuf.FloatValue': 'float',
  'google.protobuf.Int32Value': 'int32',
  'google.protobuf.Int64Value': 'int64',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.UInt32Value': 'uint32',
  'google.protobuf.UInt64Value': 'uint64',
};
/** In an Any these stand below `value`. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(WRAPPED),
  'google.protobuf.Any',
  'google.protobuf.Duration',
  'google.protobuf.Empty',
  'google.protobuf.ListValue',
  'google.protobuf.Struct',
  'google.protobuf.Timestamp',
  'google.protobuf.Value',
]);

class Unreadable extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * Reads JSON as a message of Envoy's, by the rules of the reader that Istio uses: names of either form, enums by name or
 * number, whole numbers also as text, null as "not set", Any by its `@type`. Keeps no value: only what is wrong with it.
 */
export function checkEnvoyMessage(value: JsonObject, type: TypeName, path: string): EnvoyMessageFindings {
  const unknownFields: EnvoyMessageProblem[] = [];
  try {
    readMessage(value, type, { path, depth: 0, unknownFields });
    return { unknownFields };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { error: { path: error.path, message: error.message }, unknownFields };
  }
}

interface Place {
  path: string;
  depth: number;
  unknownFields: EnvoyMessageProblem[];
}

function readMessage(value: Json, type: TypeName, place: Place): void {
  if (value === null) return;
  if (place.depth > MAX_DEPTH) throw new Unreadable(place.path, `is nested more than ${MAX_DEPTH} levels deep`);
  const wrapped = WRAPPED[type];
  if (wrapped) readScalar(value, { kind: wrapped }, place);
  else if (WELL_KNOWN.has(type) && type !== 'google.protobuf.Empty') readWellKnown(value, type, place);
  else readFields(asObject(value, place), type, place);
}

function readWellKnown(value: Json, type: TypeName, place: Place): void {
  switch (type) {
    case 'google.protobuf.Any':
      readAny(asObject(value, place), place);
      break;
    case 'google.protobuf.Duration':
      if (typeof value !== 'string' || !parseDuration(value))
        throw new Unreadable(place.path, `must be a duration such as 10s, not ${print(value)}`);
      break;
    case 'google.protobuf.Timestamp':
      if (typeof value !== 'string' || !TIMESTAMP.test(value))
        throw new Unreadable(place.path, `must be a time such as 2026-01-31T12:00:00Z, not ${print(value)}`);
      break;
    case 'google.protobuf.Struct':
      asObject(value, place);
      break;
    case 'google.protobuf.ListValue':
      asList(value, place);
      break;
  }
}

function readAny(value: JsonObject, place: Place): void {
  const { '@type': url, ...rest } = value;
  const path = fieldPath(place.path, '@type');
  if (url === undefined) throw new Unreadable(path, 'must name the type of the message, as type.googleapis.com/NAME');
  if (typeof url !== 'string') throw new Unreadable(path, `must be text, not ${print(url)}`);
  const type = url.slice(url.lastIndexOf('/') + 1);
  if (!fieldsOf(type)) {
    const hint = type.includes('.v2.')
      ? 'Envoy has only version 3 of its API: look for the same type there'
      : 'look it up in the documentation of Envoy';
    throw new Unreadable(path, `${print(url)} is not a type of this Envoy: ${hint}`);
  }
  const inner = { ...place, depth: place.depth + 1 };
  if (!WELL_KNOWN.has(type)) {
    readMessage(rest, type, inner);
    return;
  }
  if (rest.value === undefined) throw new Unreadable(place.path, `needs "value" beside @type for ${type}`);
  readMessage(rest.value, type, { ...inner, path: fieldPath(place.path, 'value') });
}

function readFields(value: JsonObject, type: TypeName, place: Place): void {
  const known = new Set<string>();
  for (const field of fieldsOf(type) ?? []) {
    const own = value[field.name];
    const json = Object.hasOwn(value, field.jsonName) ? value[field.jsonName] : own;
    known.add(field.name).add(field.jsonName);
    const isAnything = field.type === 'google.protobuf.Value';
    if (json === undefined || (json === null && !isAnything)) continue;
    const name = Object.hasOwn(value, field.jsonName) ? field.jsonName : field.name;
    readField(json, field, { ...place, path: fieldPath(place.path, name), depth: place.depth + 1 });
  }
  for (const name of Object.keys(value)) {
    if (known.has(name)) continue;
    const message = `is not a field of ${type} in this Envoy, which ignores it`;
    place.unknownFields.push({ path: fieldPath(place.path, name), message });
  }
}

function readField(value: Json, field: MessageField, place: Place): void {
  if (field.mapKey) {
    for (const [key, item] of Object.entries(asObject(value, place))) {
      const inner = { ...place, path: fieldPath(place.path, key) };
      if (field.mapKey !== 'string') readScalar(mapKeyOf(key, field.mapKey), { kind: field.mapKey }, inner);
      readItem(item ?? null, field, inner);
    }
  } else if (field.isList) {
    asList(value, place).forEach((item, i) => readItem(item, field, { ...place, path: itemPath(place.path, i) }));
  } else readItem(value, field, place);
}

/** Keys are text in JSON, whatever they are. */
function mapKeyOf(key: string, kind: FieldKind): Json {
  return kind === 'bool' && (key === 'true' || key === 'false') ? key === 'true' : key;
}

function readItem(value: Json, field: MessageField, place: Place): void {
  if (field.kind === 'message') readMessage(value, field.type ?? '', place);
  else if (value !== null) readScalar(value, field, place);
}

function readScalar(value: Json, { kind, type }: { kind: FieldKind; type?: TypeName }, { path }: Place): void {
  if (kind === 'enum') {
    if (typeof value === 'string' && !valuesOf(type ?? '').has(value)) {
      throw new Unreadable(path, `${print(value)} is not a value of ${type ?? ''}`);
    }
    if (typeof value === 'string') return;
  }
  const decode = DECODERS[kind];
  decode?.(value, ({ message }) => {
    throw new Unreadable(path, message);
  });
  if (kind === 'float' && Math.abs(Number(value)) > FLOAT_MAX) throw new Unreadable(path, 'is too large');
}

const NO_NAMES: ReadonlyMap<number, string> = new Map();
const DECODERS: Readonly<Partial<Record<FieldKind, ScalarDecoder>>> = {
  bool: scalarDecoder('bool', NO_NAMES),
  bytes: scalarDecoder('bytes', NO_NAMES),
  double: scalarDecoder('double', NO_NAMES),
  enum: scalarDecoder('int32', NO_NAMES),
  float: scalarDecoder('double', NO_NAMES),
  int32: scalarDecoder('int32', NO_NAMES),
  int64: scalarDecoder('int64', NO_NAMES),
  string: scalarDecoder('string', NO_NAMES),
  uint32: scalarDecoder('uint32', NO_NAMES),
  uint64: scalarDecoder('uint64', NO_NAMES),
};

function asObject(value: Json, { path }: Place): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Unreadable(path, `must be an object, not ${print(value)}`);
}

function asList(value: Json, { path }: Place): Json[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw new Unreadable(path, `must be a list, not ${print(value)}`);
}

function print(value: Json): string {
  return shorten(JSON.stringify(value), 80);
}
