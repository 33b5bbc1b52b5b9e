/** Fields and words of enums (`field=WORD`) that a minor of Istio does not know yet, by message; each with the minor that brought it. */
export type LaterFields = ReadonlyMap<string, ReadonlyMap<string, string>>;

export const NOTHING_LATER: LaterFields = new Map();
