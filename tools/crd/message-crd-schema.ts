import type { z } from 'zod';
import { unwrap } from '../../src/api/unwrap.ts';
import { NOTHING_LATER, type LaterFields } from '../../src/api/later-fields.ts';
import {
  enumNames,
  messageTraits,
  protoMeta,
  type CelRule,
  type CrdMeta,
  type ProtoMeta,
  type ScalarKind,
} from '../../src/api/proto/message-schema.ts';
import type { SchemaNode } from './structural-schema.ts';

type Schema = z.core.$ZodType;

const KEEP_UNKNOWN = { 'x-kubernetes-preserve-unknown-fields': true } as const;
const DURATION_RULE: CelRule = {
  rule: "duration(self) >= duration('1ms')",
  message: 'must be a duration of at least 1ms, such as 10s, 1h30m or 250ms',
};

/** The structural form of each protobuf scalar: one rule a type, whatever the field. */
const SCALARS: Readonly<Record<Exclude<ScalarKind, 'enum'>, SchemaNode>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  uint32: { type: 'integer', minimum: 0, maximum: 4294967295 },
  int64: { type: 'integer', format: 'int64' },
  uint64: { type: 'integer', minimum: 0 },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  duration: { type: 'string' },
  timestamp: { type: 'string', format: 'date-time' },
  struct: { type: 'object', ...KEEP_UNKNOWN },
};

/** The limits that a node takes over as they are. */
const LIMITS = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const satisfies (keyof CrdMeta & keyof SchemaNode)[];

/** What is left out. */
export interface LeftOut {
  /** Rules that do not hold here. */
  rules: readonly CelRule[];
  /** What the minor does not know yet. */
  later: LaterFields;
}

const NOTHING: LeftOut = { rules: [], later: NOTHING_LATER };

/** The structural schema of a message or field. */
export function computeMessageSchema(wrapped: Schema, without: LeftOut = NOTHING): SchemaNode {
  const meta = protoMeta(withoutOptional(wrapped));
  const crd = meta.crd ?? {};
  const skipped = { ...without, rules: [...without.rules, ...(crd.withoutRules ?? [])] };
  const base = nodeOf(wrapped, meta, skipped);
  const rules = [...(base['x-kubernetes-validations'] ?? []), ...(crd.rules ?? [])];
  return {
    ...(meta.description ? { description: meta.description } : {}),
    ...base,
    ...limitsOf(crd),
    ...(crd.listMapKeys ? { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [...crd.listMapKeys] } : {}),
    ...(rules.length > 0 ? { 'x-kubernetes-validations': rules } : {}),
  };
}

function limitsOf(crd: CrdMeta): SchemaNode {
  return Object.fromEntries(LIMITS.flatMap((name) => (crd[name] === undefined ? [] : [[name, crd[name]]])));
}

function nodeOf(wrapped: Schema, meta: ProtoMeta, without: LeftOut): SchemaNode {
  const schema = unwrap(wrapped);
  if (meta.scalar !== undefined) return scalarNode(schema, meta.scalar, meta);
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array') return { type: 'array', items: computeMessageSchema(def.element, without) };
  if (def.type === 'record')
    return { type: 'object', additionalProperties: computeMessageSchema(def.valueType, without) };
  if (def.type !== 'object') throw new Error(`a message cannot have a field of type ${def.type}`);
  return messageNode(schema as z.core.$ZodObject, without);
}

function scalarNode(schema: Schema, kind: ScalarKind, { wrapped, crd = {} }: ProtoMeta): SchemaNode {
  if (crd.intOrString) return { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };
  // Clusters know wrapped integers of 64 bits with the limits of 32.
  const form = kind === 'uint64' && wrapped ? 'uint32' : kind;
  const node: SchemaNode =
    form === 'enum' ? { type: 'string', enum: [...enumNames(schema).values()] } : { ...SCALARS[form] };
  const rules = kind === 'duration' && !crd.anyLength ? [DURATION_RULE] : [];
  return {
    ...node,
    ...(wrapped ? { nullable: true } : {}),
    ...(rules.length > 0 ? { 'x-kubernetes-validations': rules } : {}),
  };
}

function messageNode(schema: z.core.$ZodObject, without: LeftOut): SchemaNode {
  const { name: message = '', oneOfs = [], required = [], rules = [] } = messageTraits(schema) ?? {};
  const later = without.later.get(message);
  const isKnown = (name: string): boolean => !later?.has(name);
  const shape = Object.entries(schema._zod.def.shape).filter(([name]) => isKnown(name));
  const properties = shape.flatMap(([name, field]) => {
    const node = withoutLaterWords(computeMessageSchema(field, without), name, later);
    const { alsoNamed } = protoMeta(withoutOptional(field)).crd ?? {};
    return [[name, node], ...(alsoNamed === undefined ? [] : [[alsoNamed, node]])] as [string, SchemaNode][];
  });
  const kept = rules.filter((rule) => !without.rules.includes(rule));
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required: [...required] } : {}),
    ...oneOfNode(oneOfs.map((arms) => arms.filter(isKnown))),
    ...(kept.length > 0 ? { 'x-kubernetes-validations': kept } : {}),
  };
}

function withoutLaterWords(
  node: SchemaNode,
  field: string,
  later: ReadonlyMap<string, string> | undefined,
): SchemaNode {
  if (!later || !node.enum) return node;
  return { ...node, enum: node.enum.filter((word) => !later.has(`${field}=${String(word)}`)) };
}

/** At most one arm of each group, which JSON Schema can only say as none, or exactly one of them. */
function oneOfNode(groups: readonly (readonly string[])[]): SchemaNode {
  const choices = groups.map((arms) => {
    const each = arms.map((name): SchemaNode => ({ required: [name] }));
    return { oneOf: [{ not: { anyOf: each } }, ...each] };
  });
  const [only] = choices;
  return choices.length === 1 && only ? only : choices.length === 0 ? {} : { allOf: choices };
}

/** The schema with the notes on the field, without the wrapper that makes it optional. */
function withoutOptional(schema: Schema): Schema {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  return def.type === 'optional' ? def.innerType : schema;
}
