import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { fieldNameOf, fieldsOf, type Field, type FieldType, type ScalarKind, type StructName } from './pod-types.ts';
import { canonicalQuantity } from '../../api/kubernetes/quantity.ts';
import { compareBytes } from './go-json.ts';
import { InjectionError } from './template-context.ts';

/**
 * A value in the form in which Go's decoder and encoder leave one of Kubernetes' structs: keys that differ from a
 * field only in case fill that field, empty optional fields are left out. Keys of no field are kept, since a newer
 * Kubernetes may know them. What is already in that form is not copied.
 * @throws InjectionError for a value of the wrong type, which names its field below `path`.
 */
export function typedStruct(value: Json, name: StructName, path: string): JsonObject {
  if (!isJsonObject(value)) throw wrongType(path, 'an object', value);
  const fields = fieldsOf(name);
  let result = value;
  for (const key in value) {
    const field = fields.get(key);
    const item = value[key];
    if (item === undefined) continue;
    if (!field) {
      if (fieldNameOf(name, key) === undefined) continue;
      return typedStruct(withFieldNames(value, name, path), name, path);
    }
    const kept = item === null ? absent(field.type) : keptField(item, field, `${path}.${key}`);
    if (kept === item) continue;
    if (result === value) result = { ...value };
    result[key] = kept;
  }
  return withAlways(result === value ? value : defined(result), value, name);
}

/** The object with its fields' own names; one that has no other is not copied. */
export function withOwnNames(value: JsonObject, name: StructName, path: string): JsonObject {
  const fields = fieldsOf(name);
  for (const key in value) {
    if (!fields.has(key) && fieldNameOf(name, key) !== undefined) return withFieldNames(value, name, path);
  }
  return value;
}

/** Of two spellings the later one, in the order of bytes, is decoded on top; both must be of the right type. */
function withFieldNames(value: JsonObject, name: StructName, path: string): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort(compareBytes)) {
    const item = value[key];
    const field = fieldNameOf(name, key);
    if (item === undefined) continue;
    const type = field === undefined ? undefined : fieldsOf(name).get(field)?.type;
    const before = result[field ?? key];
    if (type && before !== undefined && before !== null) typedField(before, type, `${path}.${field ?? key}`);
    result[field ?? key] = type ? decodedOver(before, item, type) : item;
  }
  return result;
}

/** What Go's decoder leaves of a field that one document fills twice. */
function decodedOver(before: Json | undefined, value: Json, type: FieldType | undefined): Json {
  if (before === undefined || before === null || !type) return value;
  if (value === null) return isNilable(type) ? null : before;
  if (type.kind === 'list') return listOver(before, value, type.of);
  if (!isJsonObject(before) || !isJsonObject(value)) return value;
  if (type.kind === 'map') return { ...before, ...value };
  return type.kind === 'struct' ? structOver(before, value, type.name) : value;
}

function isNilable({ pointer, kind }: FieldType): boolean {
  return pointer || kind === 'list' || kind === 'map';
}

function listOver(before: Json, value: Json, of: FieldType): Json {
  if (!Array.isArray(before) || !Array.isArray(value)) return value;
  return value.map((item, i) => decodedOver(before[i], item, of));
}

function structOver(before: JsonObject, value: JsonObject, name: StructName): JsonObject {
  const result = { ...withOwnNames(before, name, name) };
  for (const [key, item] of Object.entries(withOwnNames(value, name, name))) {
    if (item !== undefined) result[key] = decodedOver(result[key], item, fieldsOf(name).get(key)?.type);
  }
  return result;
}

function defined(value: JsonObject): JsonObject {
  for (const key in value) if (value[key] === undefined) delete value[key];
  return value;
}

/** The typed value; undefined when Go would not write it. */
function keptField(value: Json, { type, always }: Field, path: string): Json | undefined {
  const typed = typedField(value, type, path);
  return !always && !type.pointer && isEmpty(typed, type) ? undefined : typed;
}

const ALWAYS = new Map<StructName, [string, FieldType][]>();

function alwaysPresent(name: StructName): [string, FieldType][] {
  let fields = ALWAYS.get(name);
  if (!fields) {
    fields = [...fieldsOf(name)]
      .filter(
        ([, { type, always }]) => always || (!type.pointer && (type.kind === 'struct' || type.kind === 'quantity')),
      )
      .map(([key, { type }]) => [key, type]);
    ALWAYS.set(name, fields);
  }
  return fields;
}

function withAlways(result: JsonObject, value: JsonObject, name: StructName): JsonObject {
  let complete = result;
  for (const [key, type] of alwaysPresent(name)) {
    if (complete[key] !== undefined) continue;
    if (complete === value) complete = { ...value };
    complete[key] = zeroOf(type);
  }
  return complete;
}

function zeroOf(type: FieldType): Json {
  if (type.pointer) return null;
  switch (type.kind) {
    case 'string':
      return '';
    case 'integer':
    case 'long':
    case 'port':
      return 0;
    case 'boolean':
      return false;
    case 'quantity':
      return '0';
    case 'struct':
      return typedStruct({}, type.name, '');
    case 'any':
      return {};
    default:
      return null;
  }
}

function absent(type: FieldType): Json | undefined {
  return type.kind === 'any' || type.kind === 'time' ? null : undefined;
}

function isEmpty(value: Json, type: FieldType): boolean {
  switch (type.kind) {
    case 'string':
      return value === '';
    case 'integer':
    case 'long':
      return value === 0;
    case 'boolean':
      return value === false;
    case 'list':
      return (value as Json[]).length === 0;
    case 'map':
      return Object.keys(value as JsonObject).length === 0;
    default:
      return false;
  }
}

function typedField(value: Json, type: FieldType, path: string): Json {
  switch (type.kind) {
    case 'string':
      if (typeof value === 'string') return value;
      throw wrongType(path, 'a string', value);
    case 'struct':
      return typedStruct(value, type.name, path);
    case 'list':
      return typedList(value, type.of, path);
    case 'map':
      return typedMap(value, type.of, path);
    case 'quantity':
      return typedQuantity(value, path);
    default:
      return typedScalar(value, type.kind, path);
  }
}

function typedList(value: Json, type: FieldType, path: string): Json {
  if (!Array.isArray(value)) throw wrongType(path, 'a list', value);
  let result = value;
  for (let i = 0; i < value.length; i += 1) {
    const item = value[i] ?? null;
    const typed =
      item === null && type.kind !== 'struct' ? zeroOf(type) : typedField(item ?? {}, type, `${path}[${i}]`);
    if (typed === value[i]) continue;
    if (result === value) result = [...value];
    result[i] = typed;
  }
  return result;
}

function typedMap(value: Json, type: FieldType, path: string): Json {
  if (!isJsonObject(value)) throw wrongType(path, 'an object', value);
  let result = value;
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    const typed = item === null ? zeroOf(type) : typedField(item, type, `${path}.${key}`);
    if (typed === item) continue;
    if (result === value) result = { ...value };
    result[key] = typed;
  }
  return result;
}

function typedQuantity(value: Json, path: string): string {
  const text = typeof value === 'string' ? value.trim() : value;
  const canonical = typeof text === 'string' || typeof text === 'number' ? canonicalQuantity(text) : undefined;
  if (canonical === undefined) throw wrongType(path, 'a quantity such as 500m, 2Gi or 1', value);
  return canonical;
}

type CheckedKind = Exclude<ScalarKind, 'quantity' | 'string'>;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)$/;

const SCALARS: Readonly<Record<CheckedKind, { expected: string; accepts: (value: Json) => boolean }>> = {
  boolean: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
  integer: { expected: 'an integer of 32 bits', accepts: (value) => isInteger(value, 2 ** 31) },
  long: { expected: 'an integer of 64 bits', accepts: (value) => isInteger(value, 2 ** 63) },
  port: {
    expected: 'a port number or name',
    accepts: (value) => typeof value === 'string' || isInteger(value, 2 ** 31),
  },
  time: {
    expected: 'a time such as 2026-01-31T08:00:00Z',
    accepts: (value) => typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)),
  },
  any: { expected: 'a value', accepts: () => true },
};

function isInteger(value: Json, limit: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit;
}

function typedScalar(value: Json, kind: CheckedKind, path: string): Json {
  const { expected, accepts } = SCALARS[kind];
  if (!accepts(value)) throw wrongType(path, expected, value);
  return value;
}

const SHOWN = 60;

function wrongType(path: string, expected: string, value: Json): InjectionError {
  const text = JSON.stringify(value);
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return new InjectionError(`${path}: must be ${expected}, got ${shown}`);
}
