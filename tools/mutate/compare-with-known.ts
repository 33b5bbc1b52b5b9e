/** Rules by `file: name`. */
export interface Outcome {
  tried: readonly string[];
  unnoticed: readonly string[];
  /** Those that are known to be missed by no case. */
  known: readonly string[];
}

/** What is worse than the list of known ones says, or better, so that the list can only shrink. */
export function compareWithKnown({ tried, unnoticed, known }: Outcome): string[] {
  const missed = new Set(unnoticed);
  const named = new Set(known);
  return [
    ...unnoticed
      .filter((rule) => !named.has(rule))
      .map((rule) => `${rule}: no case would miss it: write one in test/cases`),
    ...tried
      .filter((rule) => named.has(rule) && !missed.has(rule))
      .map((rule) => `${rule}: a case notices it now: take it out of tools/mutate/unnoticed.txt`),
  ];
}
