import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { fieldNameOf, fieldsOf, type FieldType, type StructName } from './pod-types.ts';
import { typedStruct } from './typed-struct.ts';

/**
 * A part of a pod that a user wrote into an annotation, a value or a template, as far as Go's decoder takes it: keys
 * that no field has, in any case, are left out. Directives of strategic merge stay, and so do the keys as they are
 * written, for it is after the merge that they are decoded. What holds nothing else is not copied.
 */
export function knownFields(value: JsonObject, name: StructName): JsonObject {
  let result = value;
  for (const key in value) {
    const item = value[key];
    if (item === undefined || key.startsWith('$')) continue;
    const field = fieldNameOf(name, key);
    const known = field === undefined ? undefined : knownIn(item, fieldsOf(name).get(field)?.type);
    if (known === item) continue;
    if (result === value) result = { ...value };
    if (known === undefined) delete result[key];
    else result[key] = known;
  }
  return result;
}

function knownIn(value: Json, type: FieldType | undefined): Json {
  if (type?.kind === 'struct') return isJsonObject(value) ? knownFields(value, type.name) : value;
  if (type?.kind !== 'list' || !Array.isArray(value)) return value;
  const list = value.map((item) => knownIn(item, type.of));
  return list.every((item, i) => item === value[i]) ? value : list;
}

/** The values of a configuration are the same objects for every pod. */
const knownParts = new WeakMap<object, JsonObject>();

/**
 * The known fields of a part that stands in place of one struct.
 * @throws InjectionError for a value of the wrong type, which names its source and its field.
 */
export function userPart(value: Json | undefined, name: StructName, source: string): JsonObject {
  const known = isJsonObject(value) ? knownParts.get(value) : undefined;
  if (known) return known;
  typedStruct(value ?? null, name, source);
  const part = knownFields(value as JsonObject, name);
  if (isJsonObject(value)) knownParts.set(value, part);
  return part;
}
