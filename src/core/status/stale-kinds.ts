/** A kind that cannot be read now. */
export interface StaleKind {
  kind: string;
  /** When it was read last, in RFC 3339. */
  since: string;
}

/** Says what is used in place of what is there; empty for no kinds. */
export function describeStaleKinds(stale: readonly StaleKind[]): string {
  if (stale.length === 0) return '';
  const kinds = stale.map(({ kind, since }) => `${kind} since ${since}`).join(', ');
  return `not read: ${kinds}; what is decided by them, such as injection, goes by what was known then (the log of the operator says why)`;
}
