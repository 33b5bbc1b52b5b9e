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

function objectJson(value: object): string {
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${fields.join(',')}}`;
}
