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
