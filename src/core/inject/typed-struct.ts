import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { fieldNameOf, fieldsOf, type Field, type FieldType, type ScalarKind, type StructName } from './pod-types.ts';
import { canonicalQuantity } from '../../api/kubernetes/quantity.ts';
import { compareBytes } from './go-json.ts';
import type { KnownForms } from './known-forms.ts';
import { InjectionError } from './template-context.ts';

/** Characters of a value in an error. */
const SHOWN = 60;

/** A value of the wrong type. Where it is becomes known on the way out: what is right pays nothing for its path. */
class WrongType extends Error {
  readonly #expected: string;
  readonly #value: Json;
  #path = '';

  constructor(expected: string, value: Json) {
    super(expected);
    this.#expected = expected;
    this.#value = value;
  }

  /** The fault as it is seen from the value around it. */
  below(step: string): this {
    this.#path = step + this.#path;
    return this;
  }

  refusal(path: string): InjectionError {
    const text = JSON.stringify(this.#value);
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    return new InjectionError(`${path}${this.#path}: must be ${this.#expected}, got ${shown}`, { cause: this });
  }
}

function below(error: unknown, step: string): unknown {
  return error instanceof WrongType ? error.below(step) : error;
}

/**
 * A value in the form in which Go's decoder and encoder leave one of Kubernetes' structs: keys that differ from a
 * field only in case fill that field, empty optional fields are left out. Keys of no field are kept, since a newer
 * Kubernetes may know them. What is already in that form is not copied.
 * @throws InjectionError for a value of the wrong type, which names its field below `path`.
 */
export function typedStruct(value: Json, name: StructName, path: string, known?: KnownForms): JsonObject {
  return refusing(path, () => structForm(value, name, known));
}

/** The object with its fields' own names; one that has no other is not copied. @throws InjectionError */
export function withOwnNames(value: JsonObject, name: StructName, path: string): JsonObject {
  return refusing(path, () => ownNames(value, name));
}

function refusing<T>(path: string, form: () => T): T {
  try {
    return form();
  } catch (error) {
    throw error instanceof WrongType ? error.refusal(path) : error;
  }
}

function structForm(value: Json, name: StructName, known: KnownForms | undefined): JsonObject {
  if (!isJsonObject(value)) throw new WrongType('an object', value);
  const fields = fieldsOf(name);
  let result = value;
  for (const key in value) {
    const field = fields.get(key);
    const item = value[key];
    if (item === undefined) continue;
    if (isTypedText(item, field?.type)) continue;
    if (!field) {
      if (fieldNameOf(name, key) === undefined) continue;
      return structForm(withFieldNames(value, name), name, known);
    }
    const kept = item === null ? absent(field.type) : keptField(item, field, key, known);
    if (kept === item) continue;
    if (result === value) result = { ...value };
    result[key] = kept;
  }
  return withAlways(result === value ? value : defined(result), value, name);
}

/** Most of a pod is text, which is in its form already. */
function isTypedText(value: Json, type: FieldType | undefined): boolean {
  return typeof value === 'string' && value !== '' && type?.kind === 'string';
}

function ownNames(value: JsonObject, name: StructName): JsonObject {
  const fields = fieldsOf(name);
  for (const key in value) {
    if (!fields.has(key) && fieldNameOf(name, key) !== undefined) return withFieldNames(value, name);
  }
  return value;
}

/** Of two spellings the later one, in the order of bytes, is decoded on top; both must be of the right type. */
function withFieldNames(value: JsonObject, name: StructName): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort(compareBytes)) {
    const item = value[key];
    const field = fieldNameOf(name, key);
    if (item === undefined) continue;
    const type = field === undefined ? undefined : fieldsOf(name).get(field)?.type;
    const before = result[field ?? key];
    if (type && before !== undefined && before !== null) fieldForm(before, type, field ?? key, undefined);
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
  const result = { ...ownNames(before, name) };
  for (const [key, item] of Object.entries(ownNames(value, name))) {
    if (item !== undefined) result[key] = decodedOver(result[key], item, fieldsOf(name).get(key)?.type);
  }
  return result;
}

function defined(value: JsonObject): JsonObject {
  for (const key in value) if (value[key] === undefined) delete value[key];
  return value;
}

/** The typed value; undefined when Go would not write it. */
function keptField(value: Json, { type, always }: Field, key: string, known: KnownForms | undefined): Json | undefined {
  const typed = fieldForm(value, type, key, known);
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
      return structForm({}, type.name, undefined);
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

function fieldForm(value: Json, type: FieldType, key: string, known: KnownForms | undefined): Json {
  try {
    return valueForm(value, type, known);
  } catch (error) {
    throw below(error, `.${key}`);
  }
}

function valueForm(value: Json, type: FieldType, known: KnownForms | undefined): Json {
  switch (type.kind) {
    case 'string':
      if (typeof value === 'string') return value;
      throw new WrongType('a string', value);
    case 'struct':
      return known ? known.formOf(value, type.name, structForm) : structForm(value, type.name, undefined);
    case 'list':
      return listForm(value, type.of, known);
    case 'map':
      return mapForm(value, type.of);
    case 'quantity':
      return quantityForm(value);
    default:
      return scalarForm(value, type.kind);
  }
}

function listForm(value: Json, type: FieldType, known: KnownForms | undefined): Json {
  if (!Array.isArray(value)) throw new WrongType('a list', value);
  let result = value;
  let i = 0;
  try {
    for (; i < value.length; i += 1) {
      const item = value[i] ?? null;
      const typed = item === null && type.kind !== 'struct' ? zeroOf(type) : valueForm(item ?? {}, type, known);
      if (typed === value[i]) continue;
      if (result === value) result = [...value];
      result[i] = typed;
    }
  } catch (error) {
    throw below(error, `[${i}]`);
  }
  return result;
}

function mapForm(value: Json, type: FieldType): Json {
  if (!isJsonObject(value)) throw new WrongType('an object', value);
  let result = value;
  for (const key in value) {
    const item = value[key];
    if (item === undefined || isTypedText(item, type)) continue;
    const typed = item === null ? zeroOf(type) : fieldForm(item, type, key, undefined);
    if (typed === item) continue;
    if (result === value) result = { ...value };
    result[key] = typed;
  }
  return result;
}

function quantityForm(value: Json): string {
  const text = typeof value === 'string' ? value.trim() : value;
  const canonical = typeof text === 'string' || typeof text === 'number' ? canonicalQuantity(text) : undefined;
  if (canonical === undefined) throw new WrongType('a quantity such as 500m, 2Gi or 1', value);
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

function scalarForm(value: Json, kind: CheckedKind): Json {
  const { expected, accepts } = SCALARS[kind];
  if (!accepts(value)) throw new WrongType(expected, value);
  return value;
}
