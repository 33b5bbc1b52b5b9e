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
  return `not read: ${kinds}; injection, repairs and this status go by what was known then, and the operator's log says why`;
}
