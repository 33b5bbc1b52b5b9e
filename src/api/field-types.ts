import * as z from 'zod';
import { QUANTITY } from './kubernetes/quantity.ts';
import { GO_DURATION, parseDuration } from './proto/duration.ts';
import type { LeafType } from './settings/leaf-type.ts';

/**
 * What a schema says about itself beyond its type: `expects` words the error message, `leaf` names a type that does not
 * show in the schema, `k8s` is the CRD node to use where the JSON Schema of zod would not be structural.
 */
export interface FieldMeta {
  description?: string;
  expects?: string;
  leaf?: LeafType;
  k8s?: { intOrString?: true; preserveUnknown?: true; listType?: 'atomic' | 'map' | 'set'; listMapKeys?: string[] };
}

/**
 * How the fields of an object are matched.
 * `kube`: Kubernetes and IstioOperator types; a name is right or wrong.
 * `values`: Istio's typed Helm values; the other spelling (`clusterName` for `cluster_name`) is accepted but has no effect in the charts.
 */
export type Dialect = 'kube' | 'values';

/** What the decoder must know of an object schema beyond its fields. */
export interface ObjectTraits {
  dialect: Dialect;
  /** Short name for documentation, such as `Toleration`. */
  name?: string;
}

const TRAITS = new WeakMap<z.core.$ZodType, ObjectTraits>();
const KUBE: ObjectTraits = { dialect: 'kube' };

/** The traits of an object schema; an object of Kubernetes when nothing was said. */
export function traitsOf(schema: z.core.$ZodType): ObjectTraits {
  return TRAITS.get(schema) ?? KUBE;
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;
/** An object schema that is built at its first use, with every field optional: no field of the API is required. */
export type LazyObject<S extends Shape> = z.ZodLazy<
  z.ZodObject<{ [K in keyof S]: z.ZodOptional<S[K]> }, z.core.$strip>
>;

function lazyObject<S extends Shape>(shape: () => S, traits: ObjectTraits): LazyObject<S> {
  return z.lazy(() => {
    const schema = z.object(shape()).partial() as unknown as LazyObject<S>['_zod']['innerType'];
    TRAITS.set(schema, traits);
    return schema;
  });
}

/** An object of Kubernetes or of the IstioOperator kind. */
export function kubeObject<S extends Shape>(name: string, shape: () => S): LazyObject<S> {
  return lazyObject(shape, { dialect: 'kube', name });
}

/** An object of Istio's typed Helm values. */
export function valuesObject<S extends Shape>(name: string, shape: () => S): LazyObject<S> {
  return lazyObject(shape, { dialect: 'values', name });
}

export const text = z.string();
export const flag = z.boolean();
export const textList = z.array(text);
export const textMap = z.record(z.string(), text);

/** A whole number as Kubernetes types have it. */
export const int32 = z.int32().meta({ expects: 'an integer' } satisfies FieldMeta);
export const int64 = z.int().meta({ expects: 'an integer' } satisfies FieldMeta);
export const uint32 = z.uint32().meta({ expects: 'an integer from 0 to 4294967295' } satisfies FieldMeta);

const quotedInteger = z.string().regex(/^-?\d+$/);
const quotedNumber = z.string().regex(/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/);

/** Whole numbers as protojson has them: 15 or "15". */
export const protoInt32 = z
  .union([z.int32(), quotedInteger])
  .meta({ expects: 'an integer', k8s: { intOrString: true } } satisfies FieldMeta);
export const protoUint32 = z
  .union([z.uint32(), z.string().regex(/^\d+$/)])
  .meta({ expects: 'an integer from 0 to 4294967295', k8s: { intOrString: true } } satisfies FieldMeta);
export const protoInt64 = z
  .union([z.int(), quotedInteger])
  .meta({ expects: 'an integer', k8s: { intOrString: true } } satisfies FieldMeta);
export const protoNumber = z
  .union([z.number(), quotedNumber])
  .meta({ expects: 'a number', k8s: { preserveUnknown: true } } satisfies FieldMeta);

/** A port number or name, or a count or percentage: `8080`, `http`, `25%`. */
export const intOrString = z
  .union([z.int32(), text])
  .meta({ expects: 'an integer or a string', k8s: { intOrString: true } } satisfies FieldMeta);

/** A resource quantity: `500m`, `2Gi`, `1`. */
export const quantity = z
  .union([z.number(), z.string().regex(QUANTITY)])
  .meta({ expects: 'a quantity such as 500m, 2Gi or 1', k8s: { preserveUnknown: true } } satisfies FieldMeta);
export const quantities = z.record(z.string(), quantity);

/** An image tag: `1.31.4`, and also 1.31, which YAML reads as a number. */
export const imageTag = z
  .union([text, z.number()])
  .meta({ expects: 'an image tag (a string or a number)', k8s: { preserveUnknown: true } } satisfies FieldMeta);

/** A length of time as Go writes it: `10s`, `1h30m`, `250ms`. */
export const duration = z
  .string()
  .regex(GO_DURATION)
  // More than Go can hold is none.
  .refine((text) => parseDuration(text) !== undefined)
  .meta({ expects: 'a duration such as 10s, 1h30m or 250ms', leaf: 'duration' } satisfies FieldMeta);

/** Anything; the CRD keeps it as it is. */
export const anything = z.unknown().meta({ k8s: { preserveUnknown: true } } satisfies FieldMeta);

/** An object of any content. */
export const freeObject = z
  .record(z.string(), z.unknown())
  .meta({ k8s: { preserveUnknown: true } } satisfies FieldMeta);

/** One of a few words; the empty string means unset, as it does in Go. */
export function choice<const T extends readonly string[]>(...words: T): z.ZodEnum<z.core.util.ToEnum<T[number] | ''>> {
  return z.enum([...words, ''] as unknown as [T[number] | '']);
}

/** A protobuf enum: its name, or its number. */
export type ProtoEnum<W extends string> = z.ZodUnion<readonly [z.ZodEnum<z.core.util.ToEnum<W>>, z.ZodInt]>;

export function protoEnum<const W extends string>(...names: [W, ...W[]]): ProtoEnum<W> {
  return z.union([z.enum(names), z.int()]).meta({ k8s: { intOrString: true } } satisfies FieldMeta);
}
