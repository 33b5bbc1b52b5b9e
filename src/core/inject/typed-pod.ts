import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { fieldsOf, type Field, type FieldType, type StructName } from './pod-types.ts';
import { canonicalQuantity } from './quantity.ts';
import { InjectionError, type Pod } from './template-context.ts';

/**
 * The pod in the form in which Kubernetes' own types write it: empty optional fields left out, `resources: {}` of
 * every container present, quantities canonical. Fields that a newer Kubernetes may know are kept. The argument is not
 * changed; what is already in that form is not copied.
 * @throws InjectionError for a value of the wrong type, which names its field.
 */
export function typedPod(pod: Pod): Pod {
  const spec = isJsonObject(pod.spec) ? pod.spec : {};
  const metadata = typedMetadata(pod.metadata ?? {});
  const typed = typedStruct(spec, 'PodSpec', 'spec');
  const complete = typed.containers === null ? { ...typed, containers: [] } : typed;
  return metadata === pod.metadata && complete === pod.spec ? pod : { ...pod, metadata, spec: complete };
}

/** A value in the form of one struct. */
export function typedStruct(value: Json, name: StructName, path: string): JsonObject {
  if (!isJsonObject(value)) throw wrongType(path, 'an object', value);
  const fields = fieldsOf(name);
  let result = value;
  for (const key in value) {
    const field = fields.get(key);
    const item = value[key];
    if (!field || item === undefined) continue;
    const kept = item === null ? absent(field.type) : keptField(item, field, `${path}.${key}`);
    if (kept === item) continue;
    if (result === value) result = { ...value };
    result[key] = kept;
  }
  return withAlways(result === value ? value : defined(result), value, name);
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

/** What a custom template says in fields that Kubernetes knows; directives of strategic merge stay. */
export function knownFields(value: JsonObject, name: StructName): JsonObject {
  const fields = fieldsOf(name);
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const type = fields.get(key)?.type;
    if (item === undefined || (!type && !key.startsWith('$'))) continue;
    result[key] = type ? knownIn(item, type) : item;
  }
  return result;
}

function knownIn(value: Json, type: FieldType): Json {
  if (type.kind === 'struct') return isJsonObject(value) ? knownFields(value, type.name) : value;
  if (type.kind === 'list') return Array.isArray(value) ? value.map((item) => knownIn(item, type.of)) : value;
  return value;
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
  return type.kind === 'any' ? null : undefined;
}

function isEmpty(value: Json, type: FieldType): boolean {
  switch (type.kind) {
    case 'string':
      return value === '';
    case 'integer':
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
  const canonical = typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : undefined;
  if (canonical === undefined) throw wrongType(path, 'a quantity such as 500m, 2Gi or 1', value);
  return canonical;
}

function typedScalar(value: Json, kind: 'string' | 'integer' | 'boolean' | 'port' | 'any', path: string): Json {
  if (kind === 'any') return value;
  if (kind === 'string' && typeof value !== 'string') throw wrongType(path, 'a string', value);
  if (kind === 'integer' && !Number.isInteger(value)) throw wrongType(path, 'an integer', value);
  if (kind === 'boolean' && typeof value !== 'boolean') throw wrongType(path, 'true or false', value);
  if (kind === 'port' && typeof value !== 'string' && !Number.isInteger(value)) {
    throw wrongType(path, 'a port number or name', value);
  }
  return value;
}

function typedMetadata(metadata: Pod['metadata']): Pod['metadata'] {
  if (!isJsonObject(metadata)) throw wrongType('metadata', 'an object', metadata as Json);
  let result: Pod['metadata'] = metadata;
  for (const key of ['labels', 'annotations'] as const) {
    const value = metadata[key];
    if (value === undefined) continue;
    const typed = value === null ? {} : typedMap(value, { kind: 'string', pointer: false }, `metadata.${key}`);
    if (typed !== value) result = { ...result, [key]: typed };
  }
  return result;
}

const SHOWN = 60;

function wrongType(path: string, expected: string, value: Json): InjectionError {
  const text = JSON.stringify(value);
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return new InjectionError(`pod field ${path}: must be ${expected}, got ${shown}`);
}
