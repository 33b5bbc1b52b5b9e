import { GoInteger, GoList, textMap, type GoStruct, type GoValue } from '../../../go-template/go-values.ts';
import { goText } from '../../../go-template/print-value.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../kube-object.ts';
import { goStructJson } from '../../go-json.ts';
import { fieldsOf, type FieldType, type StructName } from '../../pod-types.ts';
import { goFieldName } from './go-field-names.ts';
import { pointerView } from './pointer-view.ts';

interface NamedField {
  json: string;
  type: FieldType;
}

const tables = new Map<StructName, ReadonlyMap<string, NamedField>>();

function fieldTable(name: StructName): ReadonlyMap<string, NamedField> {
  let table = tables.get(name);
  if (!table) {
    table = new Map([...fieldsOf(name)].map(([json, { type }]) => [goFieldName(json), { json, type }]));
    tables.set(name, table);
  }
  return table;
}

/** One of Kubernetes' structs as Go templates see it; undefined is a nil pointer. */
export function structView(name: StructName, value: JsonObject | undefined, pointer = false): GoStruct {
  const table = fieldTable(name);
  const fieldValue = ({ json, type }: NamedField): GoValue => viewOf(value?.[json], type);
  return {
    type: `${pointer ? '*' : ''}v1.${name}`,
    isNil: pointer && value === undefined,
    field: (field) => {
      const known = table.get(field);
      return known && { value: fieldValue(known) };
    },
    method: () => undefined,
    text: () =>
      value === undefined && pointer
        ? '<nil>'
        : `{${[...table.values()].map((field) => goText(fieldValue(field))).join(' ')}}`,
    json: (): Json => (value === undefined ? null : (JSON.parse(goStructJson(value, name)) as Json)),
  };
}

function viewOf(value: Json | undefined, type: FieldType): GoValue {
  switch (type.kind) {
    case 'struct':
      return structView(type.name, isJsonObject(value) ? value : undefined, type.pointer);
    case 'list':
      return listView(value, type.of);
    case 'map':
      return type.of.kind === 'string' ? textMap(value as Record<string, string> | undefined) : textMap(texts(value));
    default:
      return type.pointer
        ? pointerView(`*${type.kind}`, value === null || value === undefined ? undefined : scalar(value, type))
        : scalar(value, type);
  }
}

function listView(value: Json | undefined, of: FieldType): GoList {
  const items = Array.isArray(value) ? value : [];
  return new GoList(
    items.map((item) => viewOf(item, of)),
    of.kind === 'struct' ? `[]v1.${of.name}` : `[]${of.kind}`,
  );
}

function texts(value: Json | undefined): Record<string, string> {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item as string)]))
    : {};
}

function scalar(value: Json | undefined, { kind }: FieldType): GoValue {
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? value : '';
    case 'boolean':
      return value === true;
    case 'integer':
    case 'long':
      return new GoInteger(typeof value === 'number' ? Math.trunc(value) : 0, kind === 'long' ? 'int64' : 'int32');
    case 'port':
      return pointerView('intstr.IntOrString', portValue(value), { String: () => goText(portValue(value)) });
    default:
      return pointerView('resource.Quantity', quantityText(value), { String: () => quantityText(value) });
  }
}

function portValue(value: Json | undefined): GoValue {
  return typeof value === 'string' ? value : new GoInteger(typeof value === 'number' ? Math.trunc(value) : 0, 'int32');
}

function quantityText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '0';
}
