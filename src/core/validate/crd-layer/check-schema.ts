import { fieldPath, itemPath, shorten } from '../../../api/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import { Findings } from '../findings.ts';
import { matchesPattern } from './pattern.ts';
import { schemaOfField } from './prune.ts';
import type { StructuralSchema } from './structural-schema.ts';

const INT32 = [-(2 ** 31), 2 ** 31 - 1] as const;

/** Records where a value is not what its schema asks for, but for the rules in CEL. */
export function checkSchema(value: Json, schema: StructuralSchema, path: string, findings: Findings): void {
  if (value === null && schema.nullable === true) return;
  if (!hasType(value, schema)) {
    findings.error(path, 'SchemaType', `must be ${nameOfType(schema)}, not ${print(value)}`);
    return;
  }
  if (schema.enum && !schema.enum.includes(value)) {
    findings.error(path, 'SchemaEnum', `${print(value)} must be one of ${schema.enum.map(String).join(', ')}`);
  }
  if (typeof value === 'string') checkText(value, schema, path, findings);
  else if (typeof value === 'number') checkNumber(value, schema, path, findings);
  else if (Array.isArray(value)) checkList(value, schema, path, findings);
  else if (isJsonObject(value)) checkFields(value, schema, path, findings);
  checkAlternatives(value, schema, path, findings);
}

function hasType(value: Json, schema: StructuralSchema): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) return typeof value === 'string' || Number.isInteger(value);
  switch (schema.type) {
    case undefined:
      return true;
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === schema.type;
  }
}

function nameOfType(schema: StructuralSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'an integer or text';
  const names = { object: 'an object', array: 'a list', string: 'text', integer: 'an integer' };
  const { type = 'object' } = schema;
  return type in names ? names[type as keyof typeof names] : `a ${type}`;
}

function print(value: Json): string {
  return shorten(JSON.stringify(value), 60);
}

function checkText(text: string, schema: StructuralSchema, path: string, findings: Findings): void {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  const length = maxLength < Infinity || minLength > 0 ? [...text].length : 0;
  if (length < minLength) findings.error(path, 'SchemaLength', `must have at least ${minLength} characters`);
  if (length > maxLength)
    findings.error(path, 'SchemaLength', `has ${length} characters; at most ${maxLength} are allowed`);
  if (pattern !== undefined && !matchesPattern(text, pattern)) {
    findings.error(path, 'SchemaPattern', `${print(text)} must match ${pattern}`);
  }
  if (format === 'byte' && !BASE64.test(text)) findings.error(path, 'SchemaFormat', 'must be base64');
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function checkNumber(value: number, schema: StructuralSchema, path: string, findings: Findings): void {
  const [least, most] = schema.format === 'int32' ? INT32 : [-Infinity, Infinity];
  const minimum = Math.max(schema.minimum ?? -Infinity, least);
  const maximum = Math.min(schema.maximum ?? Infinity, most);
  if (value < minimum) findings.error(path, 'SchemaRange', `${value} must be at least ${minimum}`);
  if (value > maximum) findings.error(path, 'SchemaRange', `${value} must be at most ${maximum}`);
}

function checkList(list: readonly Json[], schema: StructuralSchema, path: string, findings: Findings): void {
  const { minItems = 0, maxItems = Infinity, items } = schema;
  if (list.length < minItems) findings.error(path, 'SchemaSize', `must have at least ${minItems} items`);
  if (list.length > maxItems)
    findings.error(path, 'SchemaSize', `has ${list.length} items; at most ${maxItems} are allowed`);
  if (items) list.forEach((item, i) => checkSchema(item, items, itemPath(path, i), findings));
  checkKeys(list, schema, path, findings);
}

/** Items of some lists are told apart by certain fields. */
function checkKeys(list: readonly Json[], schema: StructuralSchema, path: string, findings: Findings): void {
  const { 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [] } = schema;
  if (type !== 'map' && type !== 'set') return;
  const seen = new Set<string>();
  list.forEach((item, i) => {
    const own = type === 'map' && isJsonObject(item) ? keys.map((key) => item[key] ?? null) : item;
    const text = JSON.stringify(own);
    if (seen.has(text))
      findings.error(itemPath(path, i), 'SchemaDuplicate', `is there twice, by ${keys.join(', ') || 'value'}`);
    seen.add(text);
  });
}

function checkFields(object: JsonObject, schema: StructuralSchema, path: string, findings: Findings): void {
  const { required = [], minProperties = 0, maxProperties = Infinity } = schema;
  const keys = Object.keys(object);
  for (const key of required) {
    if (object[key] === undefined) findings.error(fieldPath(path, key), 'SchemaRequired', 'is required');
  }
  if (keys.length < minProperties) findings.error(path, 'SchemaSize', `must have at least ${minProperties} entries`);
  if (keys.length > maxProperties) {
    findings.error(path, 'SchemaSize', `has ${keys.length} entries; at most ${maxProperties} are allowed`);
  }
  for (const key of keys) {
    const field = schemaOfField(schema, key);
    if (field) checkSchema(object[key] ?? null, field, fieldPath(path, key), findings);
  }
}

function checkAlternatives(value: Json, schema: StructuralSchema, path: string, findings: Findings): void {
  const { allOf = [], anyOf, oneOf, not } = schema;
  for (const each of allOf) checkSchema(value, each, path, findings);
  // The API server knows this pair of alternatives as "integer or text".
  if (anyOf && schema['x-kubernetes-int-or-string'] !== true && !anyOf.some((each) => isValid(value, each))) {
    findings.error(path, 'SchemaAlternatives', `must have at least one of ${fieldsOf(anyOf)}`);
  }
  if (oneOf && oneOf.filter((each) => isValid(value, each)).length !== 1) {
    findings.error(path, 'SchemaAlternatives', `can have only one of ${fieldsOf(oneOf)}`);
  }
  if (not && isValid(value, not)) findings.error(path, 'SchemaAlternatives', `cannot have ${fieldsOf([not])}`);
}

function isValid(value: Json, schema: StructuralSchema): boolean {
  const findings = new Findings();
  checkSchema(value, schema, '', findings);
  return findings.list.length === 0;
}

function fieldsOf(schemas: readonly StructuralSchema[]): string {
  return [...new Set(schemas.flatMap(({ required = [] }) => required))].join(', ');
}
