import * as z from 'zod';
import type { Duration } from './duration.ts';
import type { ScalarKind } from './outline.ts';

export type { ScalarKind } from './outline.ts';

type Schema = z.core.$ZodType;
type Shape = Readonly<Record<string, Schema>>;

/** One rule in the Common Expression Language that the API server checks; `self` is the value of the field. */
export interface CelRule {
  rule: string;
  message: string;
}

/** What the custom resource definition says of a field beyond its type. */
export interface CrdMeta {
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  /** The fields by which the API server tells the entries of a list apart. */
  listMapKeys?: readonly string[];
  rules?: readonly CelRule[];
  /** An integer that the API server also takes as text. */
  intOrString?: true;
  /** A duration that may be shorter than a millisecond, which no other may. */
  anyLength?: true;
  /** Another name under which the API server also keeps the field. */
  alsoNamed?: string;
  /** Messages below this field are not held to these of their own rules. */
  withoutRules?: readonly CelRule[];
  /** The API server keeps unknown fields below this field. */
  preserveUnknown?: true;
}

/** What a schema says about itself beyond its type in TypeScript. */
export interface ProtoMeta {
  description?: string;
  scalar?: ScalarKind;
  /** Whether the scalar is wrapped in a message, so that null differs from zero. */
  wrapped?: true;
  /** The protobuf type of the keys of a map; text when it says nothing. */
  keys?: 'uint32';
  /** The name in the proto file, where it is not the JSON name with underscores. */
  protoName?: string;
  deprecated?: true;
  crd?: CrdMeta;
}

/** What must be known of a message beyond its fields, which stand in the order of the descriptor. */
export interface MessageTraits {
  name: string;
  /** Groups of fields of which the last one that is set wins. */
  oneOfs: readonly (readonly string[])[];
  /** Fields without which the API server refuses the message. */
  required: readonly string[];
  rules: readonly CelRule[];
}

/** A message: built at its first use, every field optional. */
export type MessageSchema<S extends Shape = Shape> = z.ZodLazy<
  z.ZodObject<{ [K in keyof S]: z.ZodOptional<S[K]> }, z.core.$strip>
>;

const TRAITS = new WeakMap<Schema, MessageTraits>();

/** Defines a message. Fields stand in the order of the proto file: it decides which arm of a oneof wins. */
export function message<S extends Shape>(
  name: string,
  shape: () => S,
  traits: Partial<Omit<MessageTraits, 'name'>> = {},
): MessageSchema<S> {
  let built: MessageSchema<S>['_zod']['innerType'] | undefined;
  return z.lazy(() => {
    if (!built) {
      built = z.object(shape()).partial();
      TRAITS.set(built, { oneOfs: [], required: [], rules: [], ...traits, name });
    }
    return built;
  });
}

/** The traits of the object behind a message schema, or undefined when it is no message. */
export function messageTraits(schema: Schema): MessageTraits | undefined {
  return TRAITS.get(schema);
}

/** What a schema says about itself; what was said of the schema that it was made of holds too. */
export function protoMeta(schema: Schema): ProtoMeta {
  return ((schema as z.ZodType).meta() as ProtoMeta | undefined) ?? {};
}

/** A field: a schema with its description and what the custom resource definition says of it. */
export function field<S extends z.ZodType>(schema: S, description: string, crd?: CrdMeta, more?: ProtoMeta): S {
  return schema.meta({ ...more, description, ...(crd ? { crd } : {}) });
}

/** A schema held to limits in the custom resource definition, for the entries of lists and maps. */
export function limited<S extends z.ZodType>(schema: S, crd: CrdMeta): S {
  return schema.meta({ crd } satisfies ProtoMeta);
}

function scalar<S extends z.ZodType>(schema: S, kind: ScalarKind): S {
  return schema.meta({ scalar: kind } satisfies ProtoMeta);
}

export const string = scalar(z.string(), 'string');
export const bool = scalar(z.boolean(), 'bool');
export const int32 = scalar(z.int32(), 'int32');
export const uint32 = scalar(z.uint32(), 'uint32');
export const int64 = scalar(z.union([z.int(), z.bigint()]), 'int64');
export const uint64 = scalar(z.union([z.int(), z.bigint()]), 'uint64');
export const double = scalar(z.number(), 'double');
export const bytes = scalar(z.string(), 'bytes');
export const timestamp = scalar(z.string(), 'timestamp');
export const struct = scalar(z.record(z.string(), z.unknown()), 'struct');
export const duration: z.ZodType<Duration> = scalar(z.object({ seconds: z.int(), nanos: z.int() }), 'duration');

/** A scalar in its wrapper message, such as google.protobuf.UInt32Value. */
export function wrapped<S extends z.ZodType>(schema: S): S {
  return schema.meta({ wrapped: true } satisfies ProtoMeta);
}

/** An enum: the names in the order of their numbers from 0, or each with its number. Unknown numbers stay numbers. */
export type EnumSchema<W extends string> = z.ZodUnion<readonly [z.ZodEnum<z.core.util.ToEnum<W>>, z.ZodInt]>;

const NUMBERS = new WeakMap<Schema, ReadonlyMap<number, string>>();

export function enumeration<const W extends string>(names: readonly W[] | Readonly<Record<W, number>>): EnumSchema<W> {
  const numbers = Array.isArray(names)
    ? names.map((name: W, number) => [name, number] as const)
    : (Object.entries(names) as [W, number][]);
  const words = z.enum(numbers.map(([name]) => name));
  NUMBERS.set(words, new Map(numbers.map(([name, number]) => [number, name])));
  return scalar(z.union([words, z.int()]), 'enum');
}

/** The names of an enum by number, in the order in which they were declared. */
export function enumNames(schema: Schema): ReadonlyMap<number, string> {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  const words = def.type === 'union' ? def.options[0] : undefined;
  return (words && NUMBERS.get(words)) ?? new Map<number, string>();
}

export function list<S extends z.ZodType>(element: S): z.ZodArray<S> {
  return z.array(element);
}

/** A map with text as keys. */
export function map<S extends z.ZodType>(value: S): z.ZodRecord<z.ZodString, S> {
  return z.record(z.string(), value);
}

/** A map with whole numbers as keys, which come back in decimal without leading zeros. */
export function mapByUint32<S extends z.ZodType>(value: S): z.ZodRecord<z.ZodString, S> {
  return z.record(z.string(), value).meta({ keys: 'uint32' } satisfies ProtoMeta);
}
