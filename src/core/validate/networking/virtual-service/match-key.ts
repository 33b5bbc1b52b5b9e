/** Fields of which an empty value is as good as none. */
const MAPS: ReadonlySet<string> = new Set(['headers', 'withoutHeaders', 'queryParams', 'sourceLabels']);

/** A text that is equal for two matches that choose the same; their names do not count. */
export function matchKey(match: object): string {
  const parts: string[] = [];
  for (const [field, value] of Object.entries(match as Record<string, unknown>)) {
    if (field === 'name' || value === undefined || value === false || value === '' || value === 0) continue;
    if (MAPS.has(field) && Object.keys(value as object).length === 0) continue;
    parts.push(`${field}:${canonicalText(value)}`);
  }
  return parts.sort().join(';');
}

function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .map(([key, each]) => `${JSON.stringify(key)}:${canonicalText(each)}`)
    .sort()
    .join(',')}}`;
}
