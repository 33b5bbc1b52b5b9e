/** `a, b and 3 more`: the first names of a list that may be long. */
export function listSome(names: readonly string[], most = 5): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
