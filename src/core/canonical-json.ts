/** The JSON of frozen trees, which cannot change: the large schemas of definitions. */
const FROZEN = new WeakMap<object, string>();

/** JSON with sorted keys and without undefined: equal for equal values. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (!Object.isFrozen(value)) return objectJson(value);
  const text = FROZEN.get(value) ?? objectJson(value);
  FROZEN.set(value, text);
  return text;
}

/** Put together piece by piece: this is made of every object of a mesh in every pass. */
function objectJson(value: object): string {
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(fields).sort()) {
    const item = fields[key];
    if (item === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}
