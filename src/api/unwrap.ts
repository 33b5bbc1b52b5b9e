import type { z } from 'zod';

type Schema = z.core.$ZodType;

/** What zod knows of a schema. */
export function defOf(schema: Schema): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema behind optional and lazy wrappers. */
export function unwrap(schema: Schema): Schema {
  let inner = schema;
  for (;;) {
    const def = defOf(inner);
    if (def.type === 'optional' || def.type === 'nullable') inner = def.innerType;
    else if (def.type === 'lazy') inner = (inner as z.core.$ZodLazy)._zod.innerType;
    else return inner;
  }
}

/** What `make` makes of the schema behind wrappers, made once for each. */
export function onceForEach<T>(make: (schema: Schema) => T): (wrapped: Schema) => T {
  const made = new WeakMap<Schema, { value: T }>();
  return (wrapped) => {
    const schema = unwrap(wrapped);
    const known = made.get(schema) ?? { value: make(schema) };
    made.set(schema, known);
    return known.value;
  };
}

/** The words of an enum, also of one that may be given as a number. */
export function choicesOf(schema: Schema): string[] | undefined {
  const def = defOf(schema);
  if (def.type === 'enum')
    return Object.values(def.entries)
      .map(String)
      .filter((word) => word !== '');
  if (def.type !== 'union') return undefined;
  for (const option of def.options) {
    const words = choicesOf(option);
    if (words) return words;
  }
  return undefined;
}
