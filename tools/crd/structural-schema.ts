import { z } from 'zod';
import { traitsOf, type FieldMeta } from '../../src/api/field-types.ts';
import { enumNames, messageTraits, protoMeta, type ScalarKind } from '../../src/api/proto/message-schema.ts';

/** A node of a structural schema (apiextensions.k8s.io/v1 JSONSchemaProps), as far as we use it. */
export interface SchemaNode {
  description?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode;
  additionalProperties?: SchemaNode;
  'x-kubernetes-int-or-string'?: true;
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-validations'?: { rule: string; message: string }[];
  allOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  not?: SchemaNode;
}

/** How strict the nodes are: `open` leaves everything but the plain types to our decoder, `closed` says it all. */
export type Strictness = 'open' | 'closed';

type JsonSchema = z.core.JSONSchema.BaseSchema & FieldMeta;

/**
 * Kubernetes types whose fields the CRD leaves out: they come back in every component, and spelled out each time they
 * would take the CRD past what etcd stores in one object. The decoder checks them all the same.
 */
const OPAQUE = new Set([
  'Affinity',
  'EnvVarSource',
  'HorizontalPodAutoscalerBehavior',
  'LabelSelector',
  'Lifecycle',
  'MetricSpec',
  'NodeSelector',
  'PodSecurityContext',
  'Probe',
  'Volume',
]);

/**
 * The structural schema of a zod schema. In an open one the API server keeps unknown fields, so that the decoder can
 * name them with their path instead of losing them; accepts null, which Go reads as absent; and checks no choices,
 * because the decoder knows what was probably meant.
 */
export function computeStructuralSchema(schema: z.ZodType, strictness: Strictness): SchemaNode {
  const json = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
    // What has no form is noticed below; the 64 bits of messages get theirs by the name of their type.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { scalar } = protoMeta(zodSchema);
      if (scalar !== undefined) return describeScalar(jsonSchema, zodSchema, scalar);
      if (!OPAQUE.has(messageTraits(zodSchema)?.name ?? traitsOf(zodSchema).name ?? '')) return;
      delete jsonSchema.properties;
      (jsonSchema as JsonSchema).k8s = { preserveUnknown: true };
    },
  });
  return convert(json, strictness);
}

const LOOSE: Partial<Record<ScalarKind, JsonSchema>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  bytes: { type: 'string' },
  timestamp: { type: 'string' },
  duration: { type: 'string' },
  double: { k8s: { preserveUnknown: true } },
  struct: { type: 'object', k8s: { preserveUnknown: true } },
};

/** A scalar of a message as protojson takes it: numbers in quotes and words by number, too. */
function describeScalar(json: JsonSchema, schema: z.core.$ZodType, kind: ScalarKind): void {
  const { description } = json;
  for (const key of Object.keys(json)) delete json[key];
  Object.assign(json, LOOSE[kind] ?? { k8s: { intOrString: true } });
  if (description !== undefined) json.description = description;
  if (kind === 'enum') json.enum = [...enumNames(schema).values()];
}

function convert(json: JsonSchema, strictness: Strictness): SchemaNode {
  const node: SchemaNode = {};
  const choices = choicesOf(json);
  const description = [json.description, choices.length > 0 ? `One of ${choices.join(', ')}.` : '']
    .filter(Boolean)
    .join(' ');
  if (description) node.description = description;
  return { ...node, ...typeOf(json, strictness), ...(strictness === 'open' ? { nullable: true } : {}) };
}

function typeOf(json: JsonSchema, strictness: Strictness): SchemaNode {
  if (json.k8s?.intOrString) return { 'x-kubernetes-int-or-string': true };
  // A free-form object is still an object.
  if (json.k8s?.preserveUnknown) return { ...(json.type === 'object' ? { type: 'object' } : {}), ...KEEP_UNKNOWN };
  if (json.type === 'object') return objectOf(json, strictness);
  if (json.type === 'array') return listOf(json, strictness);
  return scalarOf(json, strictness);
}

function scalarOf(json: JsonSchema, strictness: Strictness): SchemaNode {
  if (json.type === 'integer') {
    return {
      type: 'integer',
      format: isInt64(json) ? 'int64' : 'int32',
      ...(json.minimum === 0 ? { minimum: 0 } : {}),
    };
  }
  if (json.type === 'string')
    return { type: 'string', ...(json.enum && strictness === 'closed' ? { enum: json.enum } : {}) };
  if (json.type === 'boolean' || json.type === 'number') return { type: json.type };
  throw new Error(`no structural form of ${JSON.stringify(json).slice(0, 200)}: give the field .meta({ k8s })`);
}

const KEEP_UNKNOWN = { 'x-kubernetes-preserve-unknown-fields': true } as const;

function objectOf(json: JsonSchema, strictness: Strictness): SchemaNode {
  if (!json.properties) {
    const item = json.additionalProperties;
    if (typeof item !== 'object') throw new Error('an object needs fields or one type for all of its values');
    return { type: 'object', additionalProperties: convert(item, strictness) };
  }
  const properties = Object.entries(json.properties).map(
    ([name, field]) => [name, convert(field as JsonSchema, strictness)] as const,
  );
  return {
    type: 'object',
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(json.required && json.required.length > 0 ? { required: json.required } : {}),
    ...(strictness === 'open' ? KEEP_UNKNOWN : {}),
  };
}

function listOf(json: JsonSchema, strictness: Strictness): SchemaNode {
  const { listType, listMapKeys } = json.k8s ?? {};
  return {
    type: 'array',
    items: convert(json.items as JsonSchema, strictness),
    ...(listType ? { 'x-kubernetes-list-type': listType } : {}),
    ...(listMapKeys ? { 'x-kubernetes-list-map-keys': listMapKeys } : {}),
  };
}

function isInt64(json: JsonSchema): boolean {
  return (json.maximum ?? Infinity) > 2 ** 31 - 1;
}

function choicesOf(json: JsonSchema): string[] {
  const words = json.enum ?? json.anyOf?.flatMap((option) => (option as JsonSchema).enum ?? []) ?? [];
  return words.filter((word): word is string => typeof word === 'string' && word !== '');
}
