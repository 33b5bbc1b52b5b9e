import { readIstioDefinitions } from '../../istio-definitions.generated.ts';

/** A rule in CEL. */
export interface ValidationRule {
  rule: string;
  message: string;
}

/** The part of a structural schema that our definitions use. */
export interface StructuralSchema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  format?: string;
  nullable?: boolean;
  properties?: Readonly<Record<string, StructuralSchema>>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  required?: readonly string[];
  enum?: readonly unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  allOf?: readonly StructuralSchema[];
  anyOf?: readonly StructuralSchema[];
  oneOf?: readonly StructuralSchema[];
  not?: StructuralSchema;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-list-type'?: 'atomic' | 'map' | 'set';
  'x-kubernetes-list-map-keys'?: readonly string[];
  'x-kubernetes-validations'?: readonly ValidationRule[];
}

interface Definition {
  spec: { versions: { name: string }[] };
  schema: { openAPIV3Schema: StructuralSchema };
}

/** By group and kind. */
const definitions = new Map<string, Definition>();

/** The schema of a kind that is served in this version, from the very definitions that are installed. */
export function structuralSchemaOf(apiVersion: string, kind: string): StructuralSchema | undefined {
  const slash = apiVersion.indexOf('/');
  const definition = definitionOf(`${apiVersion.slice(0, slash)}/${kind}`);
  const isServed = definition?.spec.versions.some(({ name }) => name === apiVersion.slice(slash + 1));
  return isServed === true ? definition?.schema.openAPIV3Schema : undefined;
}

/** Read when the first resource of the kind comes. */
function definitionOf(name: string): Definition | undefined {
  const known = definitions.get(name);
  if (known) return known;
  const texts = readIstioDefinitions();
  // What others call their kinds is not kept.
  if (!Object.hasOwn(texts, name)) return undefined;
  const definition = JSON.parse(texts[name] ?? '') as Definition;
  definitions.set(name, definition);
  return definition;
}
