import { ISTIO_DEFINITIONS_JSON } from '../../istio-definitions.generated.ts';

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
  spec: { group: string; names: { kind: string }; versions: { name: string }[] };
  schema: { openAPIV3Schema: StructuralSchema };
}

let schemas: ReadonlyMap<string, StructuralSchema> | undefined;

/** The schema of a kind that is served in this version, from the very definitions that are installed. */
export function structuralSchemaOf(apiVersion: string, kind: string): StructuralSchema | undefined {
  schemas ??= readSchemas();
  return schemas.get(`${apiVersion} ${kind}`);
}

function readSchemas(): ReadonlyMap<string, StructuralSchema> {
  const definitions = JSON.parse(ISTIO_DEFINITIONS_JSON) as Definition[];
  return new Map(
    definitions.flatMap(({ spec: { group, names, versions }, schema }) =>
      versions.map(({ name }): [string, StructuralSchema] => [
        `${group}/${name} ${names.kind}`,
        schema.openAPIV3Schema,
      ]),
    ),
  );
}
