import type { SchemaNode } from './structural-schema.ts';

const KNOWN = new Set([
  'description',
  'type',
  'format',
  'nullable',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'allOf',
  'anyOf',
  'oneOf',
  'x-kubernetes-validations',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
]);
const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

/** Everything by which the API server would refuse a schema as not structural, with the path of the node. */
export function checkStructural(node: SchemaNode, path: string): string[] {
  const found = [...checkKeys(node, path), ...checkType(node, path), ...checkList(node, path)];
  for (const [name, field] of Object.entries(node.properties ?? {}))
    found.push(...checkStructural(field, `${path}.${name}`));
  if (node.items) found.push(...checkStructural(node.items, `${path}[]`));
  if (node.additionalProperties) found.push(...checkStructural(node.additionalProperties, `${path}{}`));
  return found;
}

function checkKeys(node: SchemaNode, path: string): string[] {
  return Object.keys(node)
    .filter((key) => !KNOWN.has(key))
    .map((key) => `${path}: ${key} is not known to be structural`);
}

function checkType(node: SchemaNode, path: string): string[] {
  const { type, properties, additionalProperties } = node;
  const intOrString = node['x-kubernetes-int-or-string'] === true;
  const rules: [broken: boolean, message: string][] = [
    [type === undefined && !intOrString && !node['x-kubernetes-preserve-unknown-fields'], 'has no type'],
    [type !== undefined && !TYPES.includes(type), `${type} is no type`],
    [type !== undefined && intOrString, 'an int-or-string must not have a type'],
    [properties !== undefined && additionalProperties !== undefined, 'has both fields and additionalProperties'],
    [(properties ?? additionalProperties) !== undefined && type !== 'object', 'only an object has fields'],
    ...(node.required ?? []).map((name): [boolean, string] => [
      !properties?.[name],
      `requires ${name}, which it does not have`,
    ]),
  ];
  return rules.filter(([broken]) => broken).map(([, message]) => `${path}: ${message}`);
}

function checkList(node: SchemaNode, path: string): string[] {
  const found: string[] = [];
  if ((node.type === 'array') !== (node.items !== undefined)) found.push(`${path}: a list, and only a list, has items`);
  const listType = node['x-kubernetes-list-type'];
  if (listType && node.type !== 'array') found.push(`${path}: only a list has a list type`);
  for (const key of node['x-kubernetes-list-map-keys'] ?? []) {
    if (!node.items?.required?.includes(key)) found.push(`${path}: its key ${key} must be required in its items`);
  }
  return found;
}
