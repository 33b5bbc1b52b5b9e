/** `spec.values` + `hub` = `spec.values.hub`; a key that a reader could not tell from a path is quoted. */
export function fieldPath(parent: string, key: string): string {
  if (!/^[A-Za-z0-9_$-]+$/.test(key)) return `${parent}[${shorten(JSON.stringify(key), 70)}]`;
  return parent ? `${parent}.${key}` : key;
}

/** `spec.list` + 2 = `spec.list[2]`. */
export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}

/** Cuts a text so that an error stays one readable line. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
