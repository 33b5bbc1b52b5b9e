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
  versions: readonly string[];
  schema: StructuralSchema;
}

/** By group and kind. */
const definitions = new Map<string, Definition>();

/** The schema of a kind that is served in this version, from the very definitions that are installed. */
export function structuralSchemaOf(apiVersion: string, kind: string): StructuralSchema | undefined {
  const slash = apiVersion.indexOf('/');
  const definition = definitionOf(`${apiVersion.slice(0, slash)}/${kind}`);
  return definition?.versions.includes(apiVersion.slice(slash + 1)) ? definition.schema : undefined;
}

/** Read when the first resource of the kind comes. */
function definitionOf(name: string): Definition | undefined {
  const known = definitions.get(name);
  if (known) return known;
  const all = readIstioDefinitions();
  // What others call their kinds is not kept.
  const texts = Object.hasOwn(all, name) ? all[name] : undefined;
  if (!texts) return undefined;
  const { spec } = JSON.parse(texts.definition) as { spec: { versions: { name: string }[] } };
  const { openAPIV3Schema } = JSON.parse(texts.schema) as { openAPIV3Schema: StructuralSchema };
  const definition = { versions: spec.versions.map((version) => version.name), schema: openAPIV3Schema };
  definitions.set(name, definition);
  return definition;
}
